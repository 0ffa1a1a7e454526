import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import { bucketUrl, createStorage, type Storage, textOf } from '../../../core/storage/index.ts';
import { plank } from '../../../jobs/config/plank.ts';
import { localStorage } from '../../components/local-artifacts.ts';
import { type Finding, failure, ok, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

const CHECK = 'storage';
const LITTLE_BYTES = 1e9;

/** Writes, reads and deletes a probe where results of jobs go, and in the data folder. */
export const storage: Check = {
  name: CHECK,
  fix: 'check the path, the credentials (--gcs-credentials-file, --s3-credentials-file) and their rights',
  async look({ flags, config, dataDir }) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const artifacts = path.join(dataDir, 'artifacts');
    const entries = config?.get(plank).decorationEntries ?? [];
    const local = flags['local-runtime'] !== undefined;
    const buckets = entries.flatMap(({ config: decoration }) => {
      const gcs = decoration?.gcs_configuration;
      const bucket = local ? localStorage(gcs, artifacts).bucket : gcs?.bucket;
      return bucket ? [bucketUrl(bucket)] : [];
    });
    const store = createStorage({
      gcsCredentialsFile: flags['gcs-credentials-file'],
      s3CredentialsFile: flags['s3-credentials-file'],
      retries: [],
    });
    const probes = [...new Set([dataDir, ...buckets])].map((place) => probe(store, place));
    return (await Promise.all([...probes, space(dataDir)])).flat();
  },
};

export async function probe(store: Storage, place: string): Promise<Finding[]> {
  const object = `${place}/.cutwater-doctor-${randomUUID()}`;
  const text = 'Written by "cutwater doctor" to see whether it can; it may be deleted.\n';
  let doing = 'write to';
  try {
    await store.write(object, text);
    doing = 'read from';
    if ((await textOf(await store.read(object))) !== text) throw new Error('what was read is not what was written');
    doing = 'delete from';
    await store.delete(object);
    return [ok(CHECK, `${place}: written, read and deleted`)];
  } catch (error) {
    return [failure(CHECK, `cannot ${doing} ${place}: ${messageOf(error)}`, storage.fix)];
  }
}

async function space(dataDir: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  if (free >= LITTLE_BYTES) return [];
  return [
    warning(CHECK, `${Math.round(free / 1e6)} MB are free for ${dataDir}`, 'a full disk keeps webhooks out: make room'),
  ];
}
