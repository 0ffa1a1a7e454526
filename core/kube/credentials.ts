import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { CutwaterError, messageOf } from '../errors.ts';
import { censor } from '../log.ts';
import type { KubeExec, KubeTarget, KubeUser } from './kubeconfig.ts';

/** What proves to the API server who we are. `cert` and `key` are PEM. */
export interface Credentials {
  headers: Record<string, string | string[]>;
  cert?: string | undefined;
  key?: string | undefined;
  /** Milliseconds since the epoch after which they have to be fetched again. */
  expires?: number | undefined;
}

/** Tokens in files are rotated by the kubelet; client-go reads them again each minute, and so do we. */
const TOKEN_FILE_MS = 60_000;
const EXEC_TIMEOUT_MS = 60_000;

/** Fetches the credentials of a target's user: certificate, token, token file, password, exec plug-in or auth provider. */
export async function fetchCredentials(target: KubeTarget): Promise<Credentials> {
  const { user } = target;
  const bearer = await bearerOf(target);
  return {
    headers: { ...impersonation(user), ...bearer.headers },
    cert: bearer.cert ?? (await pemOf(user['client-certificate-data'], user['client-certificate'])),
    key: bearer.key ?? (await pemOf(user['client-key-data'], user['client-key'])),
    expires: bearer.expires,
  };
}

async function bearerOf(target: KubeTarget): Promise<Credentials> {
  const { user } = target;
  if (user.tokenFile) {
    const token = (await readText(user.tokenFile)).trim();
    return { headers: authorization(token), expires: Date.now() + TOKEN_FILE_MS };
  }
  if (user.token) return { headers: authorization(user.token) };
  if (user.username !== undefined) {
    censor(user.password ?? '');
    const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    censor(basic);
    return { headers: { Authorization: `Basic ${basic}` } };
  }
  if (user.exec) return runPlugin(user.exec, target);
  if (user['auth-provider']) return askProvider(target);
  return { headers: {} };
}

function authorization(token: string): Record<string, string> {
  censor(token);
  return { Authorization: `Bearer ${token}` };
}

function impersonation(user: KubeUser): Record<string, string | string[]> {
  return {
    ...(user.as ? { 'Impersonate-User': user.as } : {}),
    ...(user['as-uid'] ? { 'Impersonate-Uid': user['as-uid'] } : {}),
    ...(user['as-groups']?.length ? { 'Impersonate-Group': user['as-groups'] } : {}),
  };
}

async function pemOf(data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString();
  return file ? readText(file) : undefined;
}

/** Reads a file that a kubeconfig names; `config` where it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CutwaterError('config', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

const ExecCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** The protocol of client-go's credential plug-ins (k8s.io, "client-go credential plugins"). */
async function runPlugin(exec: KubeExec, { server, ca }: KubeTarget): Promise<Credentials> {
  const cluster = { server, 'certificate-authority-data': ca ? Buffer.from(ca).toString('base64') : undefined };
  const spec = { interactive: false, ...(exec.provideClusterInfo ? { cluster } : {}) };
  const info = JSON.stringify({ apiVersion: exec.apiVersion, kind: 'ExecCredential', spec });
  const env = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  try {
    const { stdout } = await promisify(execFile)(exec.command, exec.args ?? [], {
      env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: info },
      timeout: EXEC_TIMEOUT_MS,
    });
    const { status } = ExecCredential.parse(JSON.parse(stdout));
    return {
      headers: status.token ? authorization(status.token) : {},
      cert: status.clientCertificateData,
      key: status.clientKeyData,
      expires: status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : undefined,
    };
  } catch (error) {
    throw new CutwaterError('transient', `credential plug-in ${exec.command} failed: ${messageOf(error)}`);
  }
}

/** The old `auth-provider` entries (oidc and others) are left to the client library, which is only loaded for them. */
async function askProvider(target: KubeTarget): Promise<Credentials> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'cluster', server: target.server, skipTLSVerify: target.skipVerify },
    { name: 'user', authProvider: target.user['auth-provider'] },
  );
  const options: { headers?: Record<string, string> } = {};
  await config.applyToHTTPSOptions(options);
  for (const value of Object.values(options.headers ?? {})) censor(value.replace(/^Bearer /, ''));
  return { headers: options.headers ?? {}, expires: Date.now() + TOKEN_FILE_MS };
}
