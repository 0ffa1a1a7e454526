import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { CutwaterError, messageOf } from '../errors.ts';

const text = z.string().optional();
/** YAML leaves an empty key as null; kubectl writes such files (`users: null`). */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const KubeCluster = z.object({
  server: z.string(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': text,
  'proxy-url': text,
});

const KubeExec = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().optional(),
});
export type KubeExec = z.infer<typeof KubeExec>;

const KubeUser = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': z.array(z.string()).nullish(),
  exec: KubeExec.nullish(),
  'auth-provider': z.object({ name: z.string(), config: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
export type KubeUser = z.infer<typeof KubeUser>;

const Kubeconfig = z.object({
  'current-context': text,
  clusters: list(z.object({ name: z.string(), cluster: KubeCluster })),
  users: list(z.object({ name: z.string(), user: KubeUser.nullish() })),
  contexts: list(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: text, namespace: text }) }),
  ),
});
type Kubeconfig = z.infer<typeof Kubeconfig>;

/** All that is needed to speak to one API server as one user. Paths are absolute. */
export interface KubeTarget {
  server: string;
  caFile?: string | undefined;
  /** PEM. */
  ca?: string | undefined;
  skipVerify: boolean;
  serverName?: string | undefined;
  proxyUrl?: string | undefined;
  user: KubeUser;
  namespace?: string | undefined;
}

export interface KubeContexts {
  targets: Map<string, KubeTarget>;
  current?: string | undefined;
}

/** Reads kubeconfig files. Of several, the first that names a thing wins, as in kubectl. Throws `config`, naming the file. */
export function readKubeconfig(files: string[]): KubeContexts {
  const parsed = files.map(readOne);
  const current = parsed.map((config) => config['current-context']).find(Boolean);
  const clusters = firstWins(parsed.flatMap(({ clusters }) => clusters.map(({ name, cluster }) => [name, cluster])));
  const users = firstWins(parsed.flatMap(({ users }) => users.map(({ name, user }) => [name, user ?? {}])));
  const contexts = firstWins(parsed.flatMap(({ contexts }) => contexts.map(({ name, context }) => [name, context])));
  const targets = new Map<string, KubeTarget>();
  for (const [name, context] of contexts) {
    const cluster = clusters.get(context.cluster);
    const user = context.user === undefined ? {} : users.get(context.user);
    const missing = !cluster ? `cluster "${context.cluster}"` : !user ? `user "${context.user}"` : undefined;
    if (!cluster || !user) throw new CutwaterError('config', `${files.join(', ')}: context "${name}": no ${missing}`);
    const target = targetOf(cluster, user, context.namespace);
    if (!URL.canParse(target.server))
      throw new CutwaterError(
        'config',
        `${files.join(', ')}: cluster "${context.cluster}": no address: ${cluster.server}`,
      );
    targets.set(name, target);
  }
  return { targets, current };
}

function targetOf(cluster: z.infer<typeof KubeCluster>, user: KubeUser, namespace: string | undefined): KubeTarget {
  const data = cluster['certificate-authority-data'];
  return {
    server: addressOf(cluster),
    caFile: cluster['certificate-authority'],
    ca: data ? Buffer.from(data, 'base64').toString() : undefined,
    skipVerify: cluster['insecure-skip-tls-verify'] ?? false,
    serverName: cluster['tls-server-name'],
    proxyUrl: cluster['proxy-url'],
    user,
    namespace,
  };
}

/** An address without a scheme is an HTTPS one where the cluster says anything of certificates (client-go: DefaultServerURL). */
function addressOf(cluster: z.infer<typeof KubeCluster>): string {
  const server = cluster.server.replace(/\/+$/, '');
  if (/^https?:/i.test(server)) return server;
  const ca = cluster['certificate-authority'] || cluster['certificate-authority-data'];
  return `${ca || cluster['insecure-skip-tls-verify'] ? 'https' : 'http'}://${server}`;
}

function readOne(file: string): Kubeconfig {
  const config = Kubeconfig.safeParse(parseYaml(file));
  if (!config.success) {
    const [issue] = config.error.issues;
    throw new CutwaterError('config', `${file}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const absolute = (path: string | undefined) => (!path || isAbsolute(path) ? path : join(dirname(file), path));
  for (const { cluster } of config.data.clusters)
    cluster['certificate-authority'] = absolute(cluster['certificate-authority']);
  for (const { user } of config.data.users) {
    if (!user) continue;
    user['client-certificate'] = absolute(user['client-certificate']);
    user['client-key'] = absolute(user['client-key']);
    user.tokenFile = absolute(user.tokenFile);
    // As kubectl does: a command with a slash is a path beside the file, a bare one is looked up on the PATH.
    if (user.exec?.command.includes('/')) user.exec.command = absolute(user.exec.command) ?? user.exec.command;
  }
  return config.data;
}

function parseYaml(file: string): unknown {
  try {
    return load(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new CutwaterError('config', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

function firstWins<T>(entries: (readonly [string, T] | (string | T)[])[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const [name, value] of entries as [string, T][]) if (!map.has(name)) map.set(name, value);
  return map;
}
