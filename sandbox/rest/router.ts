import type { Handler, Routes } from './call.ts';

interface Compiled {
  method: string;
  names: string[];
  pattern: RegExp;
  handler: Handler;
}

interface Match {
  handler: Handler;
  params: Record<string, string>;
}

/** Finds the handler for a request. Routes are tried in their order, so the exact ones stand first. */
export type Router = (method: string, path: string) => Match | undefined;

export function createRouter(...tables: readonly Routes[]): Router {
  const routes = tables.flatMap((table) => Object.entries(table).map(([key, handler]) => compile(key, handler)));
  return (method, path) => {
    const wanted = method === 'HEAD' ? 'GET' : method;
    for (const route of routes) {
      if (route.method !== wanted) continue;
      const found = route.pattern.exec(path);
      if (!found) continue;
      const entries = route.names.map((name, index) => [name, decode(found[index + 1] ?? '')]);
      return { handler: route.handler, params: Object.fromEntries(entries) };
    }
    return undefined;
  };
}

function compile(key: string, handler: Handler): Compiled {
  const [method = '', path = ''] = key.split(' ');
  const names: string[] = [];
  const source = path.replace(/[.+]/g, '\\$&').replace(/([:*])(\w+)/g, (_, sign: string, name: string) => {
    names.push(name);
    return sign === ':' ? '([^/]+)' : '(.+)';
  });
  return { method, names, pattern: new RegExp(`^${source}/?$`), handler };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
