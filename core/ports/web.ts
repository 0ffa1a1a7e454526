import { CutwaterError } from '../errors.ts';
import { port, read } from './port.ts';

const MAX_BYTES = 10_000_000;

export interface WebAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

/** Addresses outside GitHub, such as the services that serve pictures. Bounded in time and size. */
export const web = port(
  'web',
  {},
  {
    get: read(
      async (
        _gh,
        _at,
        url: string,
        options: { headers?: Record<string, string>; timeoutMs?: number; maxBytes?: number } = {},
      ): Promise<WebAnswer> => {
        const response = await fetch(url, {
          headers: options.headers ?? {},
          signal: AbortSignal.timeout(options.timeoutMs ?? 5_000),
        });
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: await textUpTo(response, options.maxBytes ?? MAX_BYTES),
        };
      },
    ),
    /** What stands in the head of the answer, without its body: for the size and type of a picture. */
    head: read(async (_gh, _at, url: string, options: { timeoutMs?: number } = {}): Promise<WebAnswer> => {
      const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(options.timeoutMs ?? 5_000) });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: '' };
    }),
  },
);

async function textUpTo(response: Response, max: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > max) throw new CutwaterError('invalid', `${response.url}: answers more than ${max} bytes`);
  }
  return text + decoder.decode();
}
