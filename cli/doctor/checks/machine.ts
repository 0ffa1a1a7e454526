import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { messageOf } from '../../../core/errors.ts';
import type { StartFlags } from '../../start/flags.ts';
import { type Finding, failure, ok, skipped, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

const run = promisify(execFile);
const PATIENCE_MS = 20_000;

/** Merges and cherry-picks are made by `git merge-tree --write-tree`, which is there since 2.38. */
const OLDEST_GIT = [2, 38] as const;

export const git: Check = {
  name: 'git',
  fix: 'install git, version 2.38 or later, where PATH finds it',
  async look() {
    const { stdout } = await run('git', ['--version'], { timeout: PATIENCE_MS });
    return [judgeGit(stdout.trim())];
  },
};

export function judgeGit(text: string): Finding {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const recent = Number(major) > OLDEST_GIT[0] || (Number(major) === OLDEST_GIT[0] && Number(minor) >= OLDEST_GIT[1]);
  return recent ? ok('git', text) : failure('git', `${text} is too old to merge with`, git.fix);
}

export const containers: Check = {
  name: 'containers',
  fix: 'install podman or docker, and let this user use it; or run jobs on Kubernetes',
  async look({ flags }) {
    const runtime = flags['local-runtime'];
    if (runtime === 'process')
      return [
        warning(
          'containers',
          'jobs run as plain processes, with the rights of this user',
          'choose --local-runtime=podman, unless all code is trusted',
        ),
      ];
    if (!runtime) return [skipped('containers', 'jobs do not run on this machine')];
    // Docker's client alone says nothing: its daemon has to answer.
    const { stdout } = await run(
      runtime,
      ['info', '--format', runtime === 'docker' ? '{{.ServerVersion}}' : '{{.Version.Version}}'],
      {
        timeout: PATIENCE_MS,
      },
    );
    return [ok('containers', `${runtime} ${stdout.trim()}`)];
  },
};

/** Files that hold secrets, by the flag that names them. */
const SECRETS = [
  'github-token-path',
  'github-app-private-key-path',
  'hmac-secret-file',
  'slack-token-file',
] as const satisfies readonly (keyof StartFlags)[];

export const secretFiles: Check = {
  name: 'secret files',
  fix: 'check the paths of the flags',
  async look({ flags }) {
    const named = SECRETS.flatMap((flag) => (flags[flag] ? [{ flag, file: flags[flag] }] : []));
    const findings = await Promise.all(named.map(({ flag, file }) => judgeFile(flag, file)));
    return findings.length > 0 ? findings : [skipped('secret files', 'no flag names one')];
  },
};

async function judgeFile(flag: string, file: string): Promise<Finding> {
  try {
    const { mode } = await stat(file);
    // Kubernetes mounts secrets for everybody in the pod, which is the program alone.
    const others = (mode & 0o077) !== 0 && !process.env.KUBERNETES_SERVICE_HOST;
    const text = `others on this machine can read ${file} (--${flag})`;
    return others ? warning('secret files', text, `chmod 600 ${file}`) : ok('secret files', file);
  } catch (error) {
    return failure('secret files', `--${flag}: ${messageOf(error)}`, secretFiles.fix);
  }
}
