import type { z } from 'zod';
import { CutwaterError, hasCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { PortMap, WebOptions } from '../ports/index.ts';

/** GitHub shows no larger pictures (Prow: pkg/github/helpers.go, ImageTooBig). */
const MAX_BYTES = 10_000_000;
const TIMEOUT_MS = 2_000;

type Web = PortMap['web'];

/**
 * The first result of up to `times` tries; undefined where none of them went well, because a service for fun may be down, which nobody needs to be told on
 * a pull request. A mistake of the person's (`user`) goes on at once.
 */
export async function firstOf<T>(
  times: number,
  log: Logger,
  run: (time: number) => Promise<T>,
): Promise<T | undefined> {
  for (let time = 1; time <= times; time++) {
    try {
      return await run(time);
    } catch (err) {
      if (hasCode(err, 'user')) throw err;
      log.info({ err, attempt: time }, 'a service for fun gave nothing that can be shown');
    }
  }
  return undefined;
}

/** What an address that answers differently every time says in JSON of this shape. */
export async function drawn<S extends z.ZodType>(
  web: Web,
  schema: S,
  url: string,
  time: number,
  options: WebOptions = {},
): Promise<z.output<S>> {
  const { status, body } = await web.draw(url, time, { timeoutMs: TIMEOUT_MS, maxBytes: 100_000, ...options });
  if (status === 404) throw new CutwaterError('not-found', `${url} knows of nothing`);
  if (status < 200 || status > 299) throw new CutwaterError('invalid', `failing ${status} response from ${url}`);
  return schema.parse(JSON.parse(body));
}

/** The address of a picture, for Markdown, once it is known that GitHub could show it; throws where it could not. */
export async function pictureOf(web: Web, address: string): Promise<string> {
  const url = markdownUrl(address);
  const { status, headers } = await web.head(address, { timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new CutwaterError('invalid', `failing ${status} response from ${url}`);
  if (Number(headers['content-length'] ?? 0) > MAX_BYTES)
    throw new CutwaterError('invalid', `${url} is too big to be shown`);
  return url;
}

/** An address from elsewhere so that it cannot end a Markdown link early; throws where it is none of the web's. */
export function markdownUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new CutwaterError('invalid', `${address} is no address of a picture`);
  return url.href.replaceAll('(', '%28').replaceAll(')', '%29');
}
