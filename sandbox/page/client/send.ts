import type { Answer } from '../views.ts';

/** Posts a form as the page's script; the answer says where to go, or why it was refused, in words for a person. */
export async function post(action: string, fields: Record<string, string> | FormData): Promise<Answer> {
  const body = new URLSearchParams();
  const entries = fields instanceof FormData ? [...fields.entries()] : Object.entries(fields);
  for (const [name, value] of entries) if (typeof value === 'string') body.append(name, value);
  try {
    const response = await fetch(action, { method: 'POST', body, headers: { accept: 'application/json' } });
    return await response.json();
  } catch {
    return { ok: false, problem: 'the sandbox does not answer. Is it still running? The text is kept here.' };
  }
}

/** This page's data, as the server would render it now. */
export async function load<T>(address: string): Promise<T | null> {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
