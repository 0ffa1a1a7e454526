import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export interface TestPostgres {
  url: string;
  /** Makes a new, empty database. */
  database(): Promise<string>;
  /** Ends the server at once, as a crash does; `start` brings it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Has the server and all its connections stand still until `thaw`: nothing answers, and what was asked is done afterwards. */
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
}

/** Debian keeps the programs in a folder of each version. */
function programs(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(base, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL does not run as root. */
function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * A server of its own on a socket in a temporary folder, or `undefined` where PostgreSQL is not installed. Where an address is named, it listens
 * at a free port there as well, and lets anybody in.
 */
export async function startPostgres(address = ''): Promise<TestPostgres | undefined> {
  const port = address ? await freePort(address) : 5432;
  const bin = programs();
  if (!bin) {
    process.stderr.write('PostgreSQL is not installed: its tests are skipped\n');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  const as = identity();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync'], {
    ...as,
    cwd: folder,
    stdio: 'ignore',
  });
  if (address) appendFileSync(join(data, 'pg_hba.conf'), 'host all test all trust\n');
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const listening = ['-k', folder, '-c', `listen_addresses=${address}`, '-p', String(port)];
    server = spawn(join(bin, 'postgres'), ['-D', data, ...listening], {
      ...as,
      cwd: folder,
      stdio: 'ignore',
    });
    const asking = ['-h', folder, '-p', String(port), '-q'];
    const ready = (): boolean => spawnSync(join(bin, 'pg_isready'), asking).status === 0;
    for (let tries = 0; !ready() && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const kill = async (): Promise<void> => {
    if (!server || server.exitCode !== null || !server.kill('SIGQUIT')) return;
    await once(server, 'exit');
  };
  const signal = (name: NodeJS.Signals): void => {
    const pid = server?.pid ?? 0;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    for (const each of [pid, ...children]) process.kill(each, name);
  };
  await start();
  const urlOf = (database: string): string =>
    address
      ? `postgres://test@${address}:${port}/${database}`
      : `postgres:///${database}?host=${encodeURIComponent(folder)}&user=test`;
  let databases = 0;
  return {
    url: urlOf('postgres'),
    async database() {
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE test${++databases}`);
      await client.end();
      return urlOf(`test${databases}`);
    },
    start,
    kill,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async remove() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
