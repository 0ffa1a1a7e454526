import { Buffer } from 'node:buffer';
import { LRUCache } from 'lru-cache';
import { type GitHubClient, repoOf, type Target } from '../ports/port.ts';

/** So many blobs are asked for in one request. */
const BATCH = 100;
/** What is larger is nobody's list of owners. */
const MAX_BYTES = 5 * 1024 * 1024;

interface BlobFile {
  path: string;
  sha: string;
}

/** The texts of files at a commit, by the SHA of their blob. */
export type BlobTexts = (
  gh: GitHubClient,
  at: Target,
  commit: string,
  files: readonly BlobFile[],
) => Promise<ReadonlyMap<string, string>>;

/** Reads a hundred files in one request; what was read before, at whatever commit, is not read again. */
export function createBlobTexts(): BlobTexts {
  const known = new LRUCache<string, string>({
    maxSize: 32 * 1024 * 1024,
    sizeCalculation: (text) => text.length + 100,
  });
  return async (gh, at, commit, files) => {
    const texts = new Map<string, string>();
    const missing = new Map<string, BlobFile>();
    for (const file of files) {
      const text = known.get(keyOf(at, file.sha));
      if (text === undefined) missing.set(file.sha, file);
      else texts.set(file.sha, text);
    }
    const unread = [...missing.values()];
    for (let start = 0; start < unread.length; start += BATCH)
      for (const [sha, text] of await batch(gh, at, commit, unread.slice(start, start + BATCH))) {
        known.set(keyOf(at, sha), text);
        texts.set(sha, text);
      }
    return texts;
  };
}

/** By repository too: a SHA that somebody writes into another repository's tree must not open this one's files. */
function keyOf(at: Target, sha: string): string {
  return `${at.org}/${at.repo}@${sha}`;
}

interface Blob {
  text: string | null;
  isTruncated: boolean;
  byteSize: number;
}

async function batch(gh: GitHubClient, at: Target, commit: string, files: BlobFile[]): Promise<[string, string][]> {
  const fields = files.map(({ path }, index) => {
    // GraphQL's strings are written as JSON's.
    return `b${index}: object(expression: ${JSON.stringify(`${commit}:${path}`)}) { ...blob }`;
  });
  const answer = await gh.graphql<{ repository: Record<string, Blob | null> | null }>(
    `query ownersFiles($owner: String!, $repo: String!) {
      repository(owner: $owner, name: $repo) { ${fields.join('\n')} }
    }
    fragment blob on Blob { text isTruncated byteSize }`,
    repoOf(at),
  );
  const found: [string, string][] = [];
  for (const [index, { sha }] of files.entries()) {
    const blob = answer.repository?.[`b${index}`];
    if (!blob || blob.byteSize > MAX_BYTES) found.push([sha, '']);
    else if (blob.isTruncated) found.push([sha, await wholeBlob(gh, at, sha)]);
    else found.push([sha, blob.text ?? '']);
  }
  return found;
}

async function wholeBlob(gh: GitHubClient, at: Target, sha: string): Promise<string> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...repoOf(at), file_sha: sha });
  return Buffer.from(data.content, 'base64').toString('utf8');
}
