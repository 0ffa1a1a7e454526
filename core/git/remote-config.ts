import { censor } from '../log.ts';
import type { Remote } from './mirror.ts';
import type { GitCall } from './run.ts';

/** Tells git where its remotes are and what to show them. Redirects are not followed, so that nobody else is shown it. */
export function remoteConfig(remotes: Readonly<Record<string, Remote>>): NonNullable<GitCall['config']> {
  const all = Object.entries(remotes);
  const urls = all.map(([name, { url }]) => [`remote.${name}.url`, url] as const);
  const headers = new Map(all.map(([, remote]) => [remote.url, headerOf(remote)]));
  const [first] = headers.values();
  // One account for all needs no telling apart, which would fail where git is told to look for an address elsewhere.
  const same = [...headers.values()].every((header) => header === first);
  if (same) return first ? [...urls, ['http.extraHeader', first]] : urls;
  const apart = [...headers].flatMap(([url, header]) => (header ? [[`http.${url}.extraHeader`, header] as const] : []));
  return [...urls, ...apart];
}

function headerOf({ credentials }: Remote): string | undefined {
  if (!credentials) return undefined;
  const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  censor(basic);
  return `Authorization: Basic ${basic}`;
}
