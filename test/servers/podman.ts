import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Podman with a storage of its own, so that a test neither sees nor leaves anything in the machine's. */
export interface TestPodman {
  /** What makes podman use that storage, for whoever starts it. */
  env: Record<string, string>;
  /** An image of this machine's static busybox: it needs no registry. */
  image: string;
  run(...args: string[]): string;
  close(): Promise<void>;
}

const IMAGE = 'localhost/cutwater-test:1';
const BUSYBOX = '/bin/busybox';
const APPLETS = 'sh cat cp echo sleep env id pwd touch hostname mkdir grep kill ln'.split(' ');

/** How podman can run: as it is set up here, or, inside a container itself, with less demanding a runtime and limits. */
const ENGINES = [
  '',
  '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nruntime = "runc"\n',
];

/** Podman with an image, or undefined, said in one line, where it can not run. */
export async function openPodman(): Promise<TestPodman | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'podman-'));
  for (const engine of ENGINES) {
    const podman = await tried(folder, engine);
    if (podman) return podman;
  }
  await rm(folder, { recursive: true, force: true });
  process.stderr.write('skipped: tests in podman, which, or a static busybox for its image, is not here\n');
  return undefined;
}

async function tried(folder: string, engine: string): Promise<TestPodman | undefined> {
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const storage = `[storage]\ndriver = "vfs"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/graph"\n`;
  const env = {
    CONTAINERS_CONF: await file('containers.conf', engine),
    CONTAINERS_STORAGE_CONF: await file('storage.conf', storage),
  };
  const run = (...args: string[]) =>
    execFileSync('podman', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
  try {
    run('import', await archive(join(folder, 'rootfs')), IMAGE);
    run('run', '--rm', IMAGE, 'sh', '-c', 'true');
  } catch {
    return undefined;
  }
  return {
    env,
    image: IMAGE,
    run,
    async close() {
      run('rm', '--all', '--force', '--time', '0');
      run('rmi', '--all', '--force');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function archive(root: string): Promise<string> {
  await rm(root, { recursive: true, force: true });
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await cp(BUSYBOX, join(root, 'bin', 'busybox'));
  for (const name of APPLETS) await symlink('busybox', join(root, 'bin', name));
  execFileSync('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
  return `${root}.tar`;
}
