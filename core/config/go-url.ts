/** What may stand in a host, besides what is escaped. */
const HOST = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|[^\p{ASCII}]|%[89A-Fa-f][0-9A-Fa-f])*$/u;
const USER = /^(?:[A-Za-z0-9\-._:~!$&'()*+,;=%@])*$/;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** What Go's url.Parse would object to in `text`; undefined where it takes it, relative URLs included. */
export function goUrlProblem(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return 'net/url: invalid control character in URL';
  const [beforeFragment = '', fragment = ''] = cut(text, '#');
  if (BROKEN_ESCAPE.test(fragment)) return 'invalid URL escape in fragment';
  if (beforeFragment.startsWith(':')) return 'missing protocol scheme';
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeFragment)?.[1];
  const [rest = ''] = cut(scheme === undefined ? beforeFragment : beforeFragment.slice(scheme.length + 1), '?');
  if (!rest.startsWith('/')) {
    if (scheme !== undefined) return undefined;
    if (rest.split('/')[0]?.includes(':')) return 'first path segment in URL cannot contain colon';
  }
  if (!rest.startsWith('//') || (scheme === undefined && rest.startsWith('///')))
    return BROKEN_ESCAPE.test(rest) ? 'invalid URL escape' : undefined;
  const [authority = '', path = ''] = cut(rest.slice(2), '/');
  return authorityProblem(authority) ?? (BROKEN_ESCAPE.test(path) ? 'invalid URL escape' : undefined);
}

function authorityProblem(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && (!USER.test(authority.slice(0, at)) || BROKEN_ESCAPE.test(authority.slice(0, at))))
    return 'net/url: invalid userinfo';
  const host = authority.slice(at + 1);
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host";
  const port = host.startsWith('[') ? host.slice(host.lastIndexOf(']') + 1) : (/:[^:]*$/.exec(host)?.[0] ?? '');
  if (port && !/^:[0-9]*$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  if (!host.startsWith('[') && !HOST.test(host)) return 'invalid character in host name';
  return undefined;
}

function cut(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
