import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { join } from './paths.ts';

/** A volume and where it is mounted. */
export interface Mounted {
  volume: V1Volume;
  mount: V1VolumeMount;
}

/** Owner may read, nobody else anything. */
const SECRET_MODE = 0o400;

function empty(name: string, mountPath: string): Mounted {
  return { volume: { name, emptyDir: {} }, mount: { name, mountPath } };
}

// The names and paths that jobs rely on (Prow: pkg/pod-utils/decorate/podspec.go).
export const LOGS = empty('logs', '/logs');
export const CODE = empty('code', '/home/prow/go');
export const TOOLS = empty('tools', '/tools');
export const CLONE_TMP = empty('clonerefs-tmp', '/tmp');
export const ARTIFACTS = '/logs/artifacts';
export const CLONE_LOG = '/logs/clone.json';
export const OUTPUT = '/output';

/** Where local mode copies artifacts to instead of uploading them. */
export function outputTo(path: string): Mounted {
  return { volume: { name: 'output', hostPath: { path } }, mount: { name: 'output', mountPath: OUTPUT } };
}

export function sshKey(secret: string): Mounted {
  const name = `ssh-keys-${secret}`;
  return {
    volume: { name, secret: { secretName: secret, defaultMode: SECRET_MODE } },
    mount: { name, mountPath: join('/secrets/ssh', secret), readOnly: true },
  };
}

/** One key of a secret as a file of its own, `file` below `directory`. */
export function secretKey(secret: string, key: string, directory: string): Mounted & { file: string } {
  return {
    volume: { name: secret, secret: { secretName: secret, items: [{ key, path: `./${key}` }] } },
    mount: { name: secret, mountPath: directory, readOnly: true },
    file: join(directory, key),
  };
}

/** `secret` or `secret/key`; the key is the secret's name unless given. */
export function cookieFile(text: string): Mounted & { file: string } {
  const slash = text.indexOf('/');
  const secretName = slash < 0 ? text : text.slice(0, slash);
  const key = slash < 0 ? text : text.slice(slash + 1);
  return {
    volume: { name: 'cookiefile', secret: { secretName, defaultMode: SECRET_MODE } },
    mount: { name: 'cookiefile', mountPath: '/secrets/cookiefile', readOnly: true },
    file: join('/secrets/cookiefile', key),
  };
}

/** A storage account's key as uploaders find it. */
export function credentials(name: string, secretName: string, mountPath: string): Mounted & { file: string } {
  return {
    volume: { name, secret: { secretName } },
    mount: { name, mountPath },
    file: `${mountPath}/service-account.json`,
  };
}
