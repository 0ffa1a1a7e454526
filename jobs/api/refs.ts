/** The code that a job tests: a base, and the pull requests merged into it. */
export interface Refs {
  org: string;
  repo: string;
  repo_link?: string;
  base_ref?: string;
  base_sha?: string;
  base_link?: string;
  pulls?: Pull[];
  path_alias?: string;
  workdir?: boolean;
  auxiliary?: boolean;
  clone_uri?: string;
  skip_submodules?: boolean;
  clone_depth?: number;
  skip_fetch_head?: boolean;
  blobless_fetch?: boolean;
  sparse_checkout_files?: string[];
}

export interface Pull {
  number: number;
  author: string;
  sha: string;
  title?: string;
  ref?: string;
  head_ref?: string;
  link?: string;
  commit_link?: string;
  author_link?: string;
}

/** `master:abc,5:def` as Prow writes refs in logs, descriptions and PULL_REFS (Prow: Refs.String). */
export function refsToString(refs: Refs): string {
  const base = refs.base_sha ? `${refs.base_ref}:${refs.base_sha}` : (refs.base_ref ?? '');
  const pulls = (refs.pulls ?? []).map(({ number, sha, ref }) => `${number}:${sha}${ref ? `:${ref}` : ''}`);
  return [base, ...pulls].join(',');
}
