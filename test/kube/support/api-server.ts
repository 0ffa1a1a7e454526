import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKubeClient } from '../../../core/kube/client.ts';
import type { KubeTarget } from '../../../core/kube/kubeconfig.ts';

const TOKEN = 'admin-token-of-the-test';

/** etcd and kube-apiserver without nodes or controllers, as envtest users have them; RBAC is on. */
export interface ApiServer {
  /** As an administrator. */
  target: KubeTarget;
  /** Process ids, for faults. */
  pids(): { etcd: number; apiserver: number };
  /** Ends the API server, waits, and starts it again on the same port and data. */
  restart(downMs: number, signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both programs from `assets` (KUBEBUILDER_ASSETS) on free ports, with their state in a temporary folder. */
export async function startApiServer(assets: string): Promise<ApiServer> {
  const dir = await mkdtemp(join(tmpdir(), 'cutwater-kube-'));
  const [client, peer, port] = await freePorts(3);
  await writeFile(join(dir, 'tokens.csv'), `${TOKEN},admin,admin,system:masters\n`);
  const etcd = start(join(assets, 'etcd'), etcdFlags(dir, client, peer), join(dir, 'etcd.log'));
  const startServer = () =>
    start(join(assets, 'kube-apiserver'), serverFlags(dir, client, port), join(dir, 'kube-apiserver.log'));
  let server = await makeKeys(dir).then(startServer);
  const target: KubeTarget = {
    server: `https://127.0.0.1:${port}`,
    caFile: join(dir, 'certs', 'apiserver.crt'),
    skipVerify: false,
    user: { token: TOKEN },
  };
  const killBoth = () => Promise.all([end(server, 'SIGKILL'), end(etcd, 'SIGKILL')]);
  await ready(target, server, dir).catch(async (error) => {
    await killBoth();
    throw error;
  });
  return {
    target,
    pids: () => ({ etcd: etcd.pid ?? 0, apiserver: server.pid ?? 0 }),
    async restart(downMs, signal = 'SIGKILL') {
      await end(server, signal);
      await sleep(downMs);
      server = startServer();
      await ready(target, server, dir);
    },
    async stop() {
      await killBoth();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function etcdFlags(dir: string, client: number, peer: number): string[] {
  return [
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
    '--unsafe-no-fsync',
  ];
}

function serverFlags(dir: string, etcd: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--cert-dir=${join(dir, 'certs')}`,
    `--token-auth-file=${join(dir, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${join(dir, 'sa.key')}`,
    `--service-account-signing-key-file=${join(dir, 'sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    // Without controllers nobody makes the accounts that this plug-in asks for.
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged=true',
  ];
}

async function makeKeys(dir: string): Promise<void> {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(join(dir, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
}

function start(program: string, flags: string[], log: string): ChildProcess {
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill(signal);
  await exited;
}

async function ready(target: KubeTarget, server: ChildProcess, dir: string): Promise<void> {
  const limit = Date.now() + 90_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`kube-apiserver ended at once: see ${dir}/kube-apiserver.log`);
    const client = createKubeClient(target);
    const found = await client
      .request({ path: '/api/v1/namespaces/default', timeoutMs: 2_000 })
      .then(() =>
        client.request({ path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin', timeoutMs: 2_000 }),
      )
      .then(
        () => true,
        () => false,
      );
    client.close();
    if (found) return;
    if (Date.now() > limit) throw new Error(`kube-apiserver did not get ready: see ${dir}/kube-apiserver.log`);
    await sleep(200);
  }
}

async function freePorts(count: number): Promise<[number, number, number]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number, number];
}
