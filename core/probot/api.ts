import { CutwaterError, isTransient } from '../errors.ts';
import { changesSomething } from '../github/api-request.ts';
import { PUBLIC_API } from '../github/endpoints.ts';
import { comments } from '../ports/comments.ts';
import { type Bound, type GitHubClient, once, port, read, statusOf, type Target } from '../ports/port.ts';
import type { AppAnswer, AppRequest } from './protocol.ts';

/** What of an app's headers goes on; who asks is for core/github to say. */
const HEADERS = new Set(['accept', 'content-type', 'x-github-api-version']);

/** `time` tells a read from the same one before: an app that waits for something asks again. */
async function ask(gh: GitHubClient, _at: Target, request: AppRequest, _time: number): Promise<AppAnswer> {
  checkHost(request.url, gh);
  const { method, url, headers, body } = request;
  try {
    const {
      status,
      headers: answered,
      data,
    } = await gh.request({
      method: method as 'GET',
      url,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => HEADERS.has(name.toLowerCase()))),
      ...(body !== undefined && { data: JSON.parse(body) as unknown }),
    });
    return { status, headers: plain(answered), ...bodyOf(data) };
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || status < 400 || isTransient(error)) throw error;
    const message = (error as Error).message;
    return {
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
      base64: false,
    };
  }
}

/** Requests carry the installation's token, which is for nobody else. */
function checkHost(url: string, gh: GitHubClient): void {
  const ours = [gh.request.endpoint.DEFAULTS.baseUrl, PUBLIC_API].map((base) => new URL(base).origin);
  if (!ours.includes(URL.parse(url)?.origin ?? ''))
    throw new CutwaterError('invalid', `an app's Octokit reaches GitHub's API alone, and not ${url}`);
}

function plain(headers: object): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !/^content-(length|encoding)$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function bodyOf(data: unknown): Pick<AppAnswer, 'body' | 'base64'> {
  if (data instanceof ArrayBuffer) return { body: Buffer.from(data).toString('base64'), base64: true };
  if (data === undefined) return { body: '', base64: false };
  return { body: typeof data === 'string' ? data : JSON.stringify(data), base64: false };
}

/** A comment that was written although we never saw the answer. Of other things that a POST makes nobody can say whose they are. */
async function findComment(
  gh: GitHubClient,
  at: Target,
  since: Date,
  { method, url, headers, body }: AppRequest,
): Promise<AppAnswer | undefined> {
  const [, base, org, repo, number] = /^(.*\/repos\/([^/]+)\/([^/]+)\/issues)\/(\d+)\/comments$/.exec(url) ?? [];
  if (method !== 'POST' || !org || !repo) return undefined;
  const text = String((JSON.parse(body ?? '{}') as { body?: unknown }).body);
  const found = await comments.calls.create.find?.(gh, { org, repo, number: Number(number) }, since, text);
  return found && ask(gh, at, { method: 'GET', url: `${base}/comments/${found.id}`, headers, body: undefined }, 0);
}

/** Any request to GitHub's API, for Probot apps: a write that was made in an earlier attempt is answered from the journal. */
export const apiPort = port('api', {}, { read: read(ask), write: once(ask, findComment) });

/** Whether it is asked by `read` or by `write`. */
export function isWrite({ method, url, body }: AppRequest): boolean {
  return changesSomething(method, URL.parse(url)?.pathname ?? '', body);
}

declare module '../ports/index.ts' {
  interface PortMap {
    api: Bound<typeof apiPort>;
  }
}
