import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../../core/inbox/postgres/testing.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { type People, peopleOf } from '../../e2e/support/stage.ts';
import { findServer, startS3, type TestServer } from '../../servers/index.ts';
import { kubectlJson } from './kubectl.ts';

/** What an installation needs around it, on this machine, where the pods of the cluster reach it. */
export interface Surroundings extends People {
  sandbox: Sandbox;
  databaseUrl: string;
  s3: TestServer;
  close(): Promise<void>;
}

export const HMAC = 'the secret of the tests';

/** Starts the sandbox's GitHub, PostgreSQL and an S3 server. */
export async function openSurroundings(): Promise<Surroundings> {
  const address = await ourAddress();
  const program = await findServer('versitygw');
  const postgres = await startPostgres(address);
  if (!program || !postgres)
    throw new Error('PostgreSQL and the S3 server of test/servers/install.sh have to be there');
  const s3 = await startS3(program, address);
  const dataDir = await mkdtemp(join(tmpdir(), 'cutwater-sandbox-'));
  const sandbox = await startSandbox({ dataDir, listen: address, port: 0, hmacSecret: HMAC });
  return {
    ...peopleOf(sandbox),
    sandbox,
    databaseUrl: postgres.url,
    s3,
    async close() {
      await sandbox.close();
      await s3.close();
      await postgres.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The S3 credentials as jobs and components get them. */
export function credentialsOf(s3: TestServer): Promise<string> {
  return readFile(s3.credentialsFile, 'utf8');
}

/** This machine's address as a node of the cluster. */
async function ourAddress(): Promise<string> {
  const { items } = await kubectlJson<{ items: { status: { addresses: { address: string }[] } }[] }>(['get', 'nodes']);
  const theirs = new Set(items.flatMap(({ status }) => status.addresses.map(({ address }) => address)));
  const ours = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  const address = ours.find((each) => theirs.has(each));
  if (!address) throw new Error('the suite has to run on a node of the cluster, which pods can reach');
  return address;
}
