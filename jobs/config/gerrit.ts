/** `https://host/` and the like mark a Gerrit host where GitHub has an organisation (Prow: pkg/gerrit/source). */
function isGerritOrg(text: string): boolean {
  return text.startsWith('https://') || text.startsWith('http://');
}

export function trimHttps(text: string): string {
  return text
    .replace(/^https:\/\//, '')
    .replace(/^http:\/\//, '')
    .replace(/\/+$/, '');
}

/** Gerrit's review host as its source host: `android-review.x` becomes `android.x`; anything else stays. */
export function codeUrl(text: string): string {
  return text.replace(/^([^.]*)-review\./, '$1.');
}

/** `org` and `repo` of a key of presubmits or postsubmits; undefined where it is neither. */
export function splitRepo(key: string): { org: string; repo: string } | undefined {
  const bare = isGerritOrg(key) ? trimHttps(key) : key;
  const slash = bare.indexOf('/');
  if (slash < 0) return undefined;
  const scheme = key.startsWith('http://') ? 'http://' : 'https://';
  const org = isGerritOrg(key) ? `${scheme}${bare.slice(0, slash)}` : bare.slice(0, slash);
  return { org, repo: bare.slice(slash + 1) };
}
