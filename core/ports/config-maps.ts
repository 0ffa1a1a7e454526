import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { CutwaterError, hasCode } from '../errors.ts';
import { type Bound, type GitHubClient, port, repoOf, type Target, write } from './port.ts';

export interface ConfigMapId {
  cluster: string;
  /** Empty: the namespace of the ProwJobs. */
  namespace: string;
  name: string;
}

/** A key and the file whose content it takes; without a file the key goes. */
export interface KeyUpdate {
  key: string;
  path?: string;
  gzip?: boolean;
}

/** As Kubernetes has it: text in `data`, everything else in `binaryData`, in base64. */
export interface ConfigMap {
  metadata: { labels?: Record<string, string> | undefined; [field: string]: unknown };
  data?: Record<string, string> | undefined;
  binaryData?: Record<string, string> | undefined;
}

/** What the program lends: the ConfigMaps of the clusters that it knows. */
export interface ConfigMapAccess {
  defaultNamespace(): string;
  /** undefined: there is none. Throws `not-found` where the cluster is not known. */
  get(id: ConfigMapId): Promise<ConfigMap | undefined>;
  /** Creates it, or replaces what `get` gave, whose resourceVersion stands in its metadata. Throws `conflict` where somebody else was first. */
  put(id: ConfigMapId, map: ConfigMap): Promise<void>;
}

const ATTEMPTS = 5;
export const VERSION = 'VERSION';
const LABELS = { 'app.kubernetes.io/name': 'prow', 'app.kubernetes.io/component': 'updateconfig-plugin' };

/** Reads a file by its path in the repository. */
type ReadFile = (path: string) => Promise<Buffer>;

interface UpdateOptions {
  /** Goes into the key VERSION; "" leaves that as it is. */
  version: string;
  /** Keys that are not among the updates go, as where a map is made from a whole folder. */
  only?: boolean;
}

/** Brings a ConfigMap in line with files; doing it again does no harm. Answers with the namespace that the map is in (Prow: pkg/plugins/updateconfig, Update). */
export async function updateConfigMap(
  access: ConfigMapAccess,
  id: ConfigMapId,
  keys: readonly KeyUpdate[],
  readFile: ReadFile,
  options: UpdateOptions,
): Promise<string> {
  const place = { ...id, namespace: id.namespace || access.defaultNamespace() };
  const contents = new Map<string, Buffer>();
  for (const { key, path, gzip } of keys) {
    if (path === undefined) continue;
    const content = await readFile(path);
    contents.set(key, gzip ? gzipSync(content) : content);
  }
  for (let attempt = 1; ; attempt++) {
    const before = (await access.get(place)) ?? { metadata: { labels: LABELS } };
    try {
      await access.put(place, updated(before, keys, contents, options));
      return place.namespace;
    } catch (error) {
      // Another pull request that was merged just now has written to it first.
      if (!hasCode(error, 'conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}

export function configMapsPort(access: ConfigMapAccess) {
  return port(
    'configMaps',
    { contents: 'read' },
    {
      update: write((gh, at, id: ConfigMapId, keys: KeyUpdate[], commit: string): Promise<string> => {
        return updateConfigMap(access, id, keys, (path) => fileAt(gh, at, path, commit), { version: commit });
      }),
    },
  );
}

declare module './index.ts' {
  interface PortMap {
    configMaps: Bound<ReturnType<typeof configMapsPort>>;
  }
}

function updated(
  before: ConfigMap,
  keys: readonly KeyUpdate[],
  contents: ReadonlyMap<string, Buffer>,
  { version, only = false }: UpdateOptions,
): ConfigMap {
  const data = new Map(only ? [] : Object.entries(before.data ?? {}));
  const binaryData = new Map(only ? [] : Object.entries(before.binaryData ?? {}));
  const kept = version || before.data?.[VERSION];
  if (kept) data.set(VERSION, kept);
  for (const { key } of keys) {
    data.delete(key);
    binaryData.delete(key);
  }
  for (const [key, content] of contents) {
    const text = textOf(content);
    if (text === undefined) binaryData.set(key, content.toString('base64'));
    else data.set(key, text);
  }
  const metadata = { ...before.metadata, labels: before.metadata.labels ?? LABELS };
  return { ...before, metadata, data: Object.fromEntries(data), binaryData: Object.fromEntries(binaryData) };
}

function textOf(content: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** A file as it is, whatever it holds and however large it is. */
async function fileAt(gh: GitHubClient, at: Target, path: string, ref: string): Promise<Buffer> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/contents/{path}', { ...repoOf(at), path, ref });
  if (Array.isArray(data) || data.type !== 'file')
    throw new CutwaterError('not-found', `${at.org}/${at.repo}: ${path} is no file at ${ref}`);
  // Larger files come without their content.
  if (data.encoding === 'base64') return Buffer.from(data.content, 'base64');
  const blob = await gh.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    ...repoOf(at),
    file_sha: data.sha,
  });
  return Buffer.from(blob.data.content, 'base64');
}
