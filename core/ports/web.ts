import { readFile } from 'node:fs/promises';
import { CutwaterError } from '../errors.ts';
import { port, read, state } from './port.ts';

const MAX_BYTES = 10_000_000;

export interface WebAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface WebOptions {
  headers?: Record<string, string>;
  timeoutMs?: number;
  maxBytes?: number;
  /** Puts what a file holds into the query under this name, where nobody but the other side sees it. A file that is not there adds nothing. */
  secretQuery?: { name: string; file: string };
}

async function get(address: string, options: WebOptions): Promise<WebAnswer> {
  const response = await fetch(await withSecret(address, options), {
    headers: options.headers ?? {},
    signal: AbortSignal.timeout(options.timeoutMs ?? 5_000),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await textUpTo(response, address, options.maxBytes ?? MAX_BYTES),
  };
}

async function withSecret(address: string, { secretQuery }: WebOptions): Promise<string> {
  const secret = secretQuery?.file ? await readFile(secretQuery.file, 'utf8').catch(() => '') : '';
  if (!secretQuery || secret.trim() === '') return address;
  const url = new URL(address);
  url.searchParams.set(secretQuery.name, secret.trim());
  return url.href;
}

/** Addresses outside GitHub, such as the services that serve pictures. Bounded in time and size. */
export const web = port(
  'web',
  {},
  {
    get: read((_gh, _at, url: string, options: WebOptions = {}): Promise<WebAnswer> => get(url, options)),
    /**
     * For addresses that answer something else every time: what one event was answered stays its answer. `time` tells one try from the next.
     */
    draw: state(
      (_gh, _at, url: string, _time: number, options: WebOptions = {}): Promise<WebAnswer> => get(url, options),
    ),
    /** What stands in the head of the answer, without its body: for the size and type of a picture. */
    head: read(async (_gh, _at, url: string, options: { timeoutMs?: number } = {}): Promise<WebAnswer> => {
      const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(options.timeoutMs ?? 5_000) });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: '' };
    }),
  },
);

async function textUpTo(response: Response, address: string, max: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > max) throw new CutwaterError('invalid', `${address}: answers more than ${max} bytes`);
  }
  return text + decoder.decode();
}
