import { type ChildProcess, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A storage server that a test started. `bucket` exists and is empty. */
export interface TestServer {
  url: string;
  bucket: string;
  /** The S3 credentials file with Prow's keys; empty for the Google Cloud Storage emulator, which wants none. */
  credentialsFile: string;
  /** Ends the process at once, as a crash would; the data stays until `close`. */
  kill(): Promise<void>;
  /** Starts it again where it was, with its data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The programs that test/servers/install.sh installs. */
const folder =
  process.env.CUTWATER_TEST_SERVERS ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cutwater', 'test-servers');

/** Where the program is, or undefined, said in one line, where it is not installed. */
export async function findServer(name: 'versitygw' | 'fake-gcs-server' | 'git-lfs'): Promise<string | undefined> {
  const path = join(folder, name);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) process.stderr.write(`skipped: tests against ${name}, which test/servers/install.sh installs\n`);
  return there ? path : undefined;
}

/** An S3 server on a free port; only this machine reaches it unless another address is named. */
export async function startS3(program: string, address = '127.0.0.1'): Promise<TestServer> {
  const root = await mkdtemp(join(tmpdir(), 's3-'));
  const port = await freePort(address);
  const url = `http://${address}:${port}`;
  await mkdir(join(root, 'data', 'artifacts'), { recursive: true });
  await mkdir(join(root, 'meta'));
  const env = { ...process.env, ROOT_ACCESS_KEY: 'testaccess', ROOT_SECRET_KEY: 'testsecret' };
  const args = [
    '--port',
    `${address}:${port}`,
    '--quiet',
    'posix',
    '--sidecar',
    join(root, 'meta'),
    join(root, 'data'),
  ];
  const credentialsFile = join(root, 'credentials.json');
  const credentials = { endpoint: url, s3_force_path_style: true, access_key: 'testaccess', secret_key: 'testsecret' };
  await writeFile(credentialsFile, JSON.stringify({ region: 'us-east-1', ...credentials }));
  return started(program, args, env, { url, bucket: 's3://artifacts', credentialsFile, root });
}

/** A Google Cloud Storage emulator on a free port; set STORAGE_EMULATOR_HOST to its url. */
export async function startGcs(program: string): Promise<TestServer> {
  const root = await mkdtemp(join(tmpdir(), 'gcs-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-backend', 'filesystem'];
  args.push('-filesystem-root', root, '-external-url', url, '-public-host', `127.0.0.1:${port}`, '-log-level', 'error');
  const server = await started(program, args, process.env, {
    url,
    bucket: 'gs://artifacts',
    credentialsFile: '',
    root,
  });
  const made = await fetch(`${url}/storage/v1/b?project=test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'artifacts' }),
  });
  if (!made.ok) throw new Error(`the emulator made no bucket: ${made.status} ${await made.text()}`);
  return server;
}

async function started(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  { root, ...server }: { url: string; bucket: string; credentialsFile: string; root: string },
): Promise<TestServer> {
  let child: ChildProcess | undefined;
  const kill = () => (child ? ended(child) : Promise.resolve());
  async function start(): Promise<void> {
    child = spawn(program, args, { env, stdio: 'ignore' });
    await answering(server.url, child).catch(async (error: unknown) => {
      await kill();
      throw error;
    });
  }
  await start();
  return {
    ...server,
    kill,
    restart: start,
    async close() {
      await kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(50);
  }
  throw new Error(`${child.spawnfile} does not answer`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** A port that nothing listens on at the moment. */
async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
