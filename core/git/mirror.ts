/** Where a repository is fetched from and pushed to. */
export interface Remote {
  /** Without credentials: https://github.com/org/repo.git */
  url: string;
  credentials?: { username: string; password: string } | undefined;
}

/** A file of a tree. */
export interface TreeFile {
  path: string;
  /** 100644, 100755; 120000 is a symbolic link, 160000 a submodule. */
  mode: string;
  oid: string;
}

/** A merge that worked has a tree; one that did not, the paths that are in conflict. */
export type MergeResult = { tree: string } | { conflicts: string[] };

export interface Person {
  name: string;
  email: string;
  /** As git takes it, `2026-01-31T12:00:00Z`; now unless given. */
  date?: string | undefined;
}

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  message: string;
  author: Person;
  committer?: Person | undefined;
}

export interface CommitInfo {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: Required<Person>;
}

/**
 * One repository, bare and without file contents until they are asked for. Commits and trees are full object names (40 or 64
 * hexadecimal digits). Every error is a CutwaterError: `not-found` (the other side does not have it), `forbidden`, `invalid`
 * (a limit, or a push that was refused), `timeout`, `transient`.
 */
export interface Mirror {
  /** Brings the commits that are not here yet, with their history and trees. */
  fetchCommits(shas: readonly string[]): Promise<void>;
  /** Asks where a ref (`refs/heads/main`, `refs/pull/7/head`) stands now, and brings that commit. */
  fetchRef(ref: string): Promise<string>;
  /** Whether the other side has the ref. */
  hasRef(ref: string): Promise<boolean>;
  /** Merges two commits by their histories, as `git merge` would. */
  mergeTree(ours: string, theirs: string): Promise<MergeResult>;
  /** Takes the change from `base` to `theirs` over to `ours`: a cherry-pick or a step of a rebase. Commits or trees. */
  mergeTrees(trees: { base: string; ours: string; theirs: string }): Promise<MergeResult>;
  /** Writes a commit into the mirror, and nowhere else until it is pushed. */
  commit(commit: NewCommit): Promise<string>;
  readCommit(sha: string): Promise<CommitInfo>;
  /** The commits that `head` has and `base` has not, oldest first. */
  commitsBetween(base: string, head: string): Promise<string[]>;
  /** The files of a commit or tree, those under `paths` alone where given; more than `maxFiles` (10,000) are `invalid`. */
  readTree(treeish: string, paths?: readonly string[], maxFiles?: number): Promise<TreeFile[]>;
  /** The contents of files, brought in one go; together at most `maxBytes` (or `invalid`). */
  readBlobs(oids: readonly string[], maxBytes: number): Promise<Buffer[]>;
  readBlob(oid: string, maxBytes: number): Promise<Buffer>;
  /** Sets a ref (`refs/heads/…`) on this repository, or on another such as a fork, to a commit. */
  push(push: {
    commit: string;
    ref: string;
    to?: { org: string; repo: string } | undefined;
    force?: boolean | undefined;
  }): Promise<void>;
}

/** The mirrors of a folder. One process uses a folder. */
export interface Mirrors {
  /**
   * Works with a repository's mirror, which is made where there is none. While `work` runs, the mirror is neither tidied nor
   * removed. Several may work side by side; fetches take turns. Where the mirror turns out to be damaged it is made anew and
   * `work` is called once more.
   */
  use<T>(org: string, repo: string, work: (mirror: Mirror) => Promise<T>): Promise<T>;
  /** Like `use`, but alone: nobody else works with this repository meanwhile. */
  alone<T>(org: string, repo: string, work: (mirror: Mirror) => Promise<T>): Promise<T>;
  /** Ends git processes that still run, and waits for them. */
  close(): Promise<void>;
}
