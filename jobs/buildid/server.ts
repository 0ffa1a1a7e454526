import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { Counters } from './counters.ts';

const LONGEST_BODY = 64;

/** Tot's endpoint, `/vend/<job>`: GET counts up and answers the number, HEAD only looks, POST sets it (Prow: cmd/tot). */
export async function serveTot(
  request: IncomingMessage,
  response: ServerResponse,
  { counters, log }: { counters: Counters; log: Logger },
): Promise<void> {
  const job = jobOf(request.url ?? '');
  if (job === undefined) return answer(response, 404, '404 page not found\n');
  try {
    if (request.method === 'GET') return answer(response, 200, String(await counters.vend(job)));
    if (request.method === 'HEAD') return answer(response, 200, String(counters.peek(job)));
    if (request.method !== 'POST') return answer(response, 405, 'Method Not Allowed\n');
    const body = await bodyOf(request);
    if (!/^[+-]?\d+$/.test(body)) return answer(response, 400, 'Unable to parse number.\n');
    await counters.set(job, Number(body));
    answer(response, 200, '');
  } catch (error) {
    log.error({ err: error, job }, 'build number not vended');
    answer(response, 500, `${messageOf(error)}\n`);
  }
}

function jobOf(url: string): string | undefined {
  const [path = ''] = url.split('?');
  if (!path.startsWith('/vend/')) return undefined;
  try {
    return decodeURIComponent(path.slice('/vend/'.length));
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LONGEST_BODY) break;
  }
  return text;
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
