import type { Logger } from '../log.ts';
import type { Send } from './api-request.ts';

/** Keeps every write from GitHub: it is logged, and answered as if it had been done, as in Prow's dry run. */
export function dryRun(send: Send, log: Logger): Send {
  return async (request) => {
    if (!request.writes) return send(request);
    const { method, url, body, spender } = request;
    log.info({ method, path: new URL(url).pathname, body, plugin: spender.plugin }, 'Dry run: not sent to GitHub');
    const text = url.endsWith('/graphql') ? '{"data":{}}' : echo(body);
    return new Response(method === 'DELETE' ? null : text, {
      status: method === 'DELETE' ? 204 : 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  };
}

/** What was to be written, with the id that GitHub would have given it. */
function echo(body: string | undefined): string {
  const written = JSON.parse(body ?? '{}') as unknown;
  return JSON.stringify(Array.isArray(written) ? written : { id: 0, number: 0, ...(written as object) });
}
