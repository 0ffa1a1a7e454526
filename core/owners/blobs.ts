import { Buffer } from 'node:buffer';
import { LRUCache } from 'lru-cache';
import { type GitHubClient, repoOf, type Target } from '../ports/port.ts';

/** So many blobs are asked for in one request. */
const BATCH = 100;
/** What is larger is nobody's list of owners. */
const MAX_BYTES = 5 * 1024 * 1024;

export type BlobTexts = (gh: GitHubClient, at: Target, shas: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Gives the texts of blobs by their SHA, a hundred in one request; what was read before is not read again. */
export function createBlobTexts(): BlobTexts {
  const known = new LRUCache<string, string>({
    maxSize: 32 * 1024 * 1024,
    sizeCalculation: (text) => text.length + 100,
  });
  return async (gh, at, shas) => {
    const texts = new Map<string, string>();
    const missing: string[] = [];
    for (const sha of new Set(shas)) {
      const text = known.get(keyOf(at, sha));
      if (text === undefined) missing.push(sha);
      else texts.set(sha, text);
    }
    for (let start = 0; start < missing.length; start += BATCH)
      for (const [sha, text] of await batch(gh, at, missing.slice(start, start + BATCH))) {
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

async function batch(gh: GitHubClient, at: Target, shas: string[]): Promise<[string, string][]> {
  const fields = shas.map((sha, index) => `b${index}: object(oid: ${JSON.stringify(sha)}) { ...blob }`).join('\n');
  const answer = await gh.graphql<{ repository: Record<string, Blob | null> | null }>(
    `query ownersFiles($owner: String!, $repo: String!) {
      repository(owner: $owner, name: $repo) { ${fields} }
    }
    fragment blob on Blob { text isTruncated byteSize }`,
    repoOf(at),
  );
  const found: [string, string][] = [];
  for (const [index, sha] of shas.entries()) {
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
