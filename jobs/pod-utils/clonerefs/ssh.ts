import { access, appendFile, mkdir, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import type { Env } from '../runtime.ts';
import { runOnce } from './command.ts';
import type { CloneCommand } from './record.ts';

/** SSH access for git: what goes into its environment, what was done to get there, and how to undo it. */
export interface SshSetup {
  env: Record<string, string>;
  commands: CloneCommand[];
  close(): Promise<void>;
}

/**
 * Starts an ssh-agent with the keys and writes the known hosts (Prow: pkg/clonerefs/run.go). The agent ends with `close`.
 * A failing step stands last in `commands`, with its error.
 */
export async function setUpSsh(keyFiles: string[], fingerprints: string[], env: Env): Promise<SshSetup> {
  const setup: SshSetup = { env: {}, commands: [], close: async () => {} };
  try {
    if (keyFiles.length > 0) await startAgent(setup, keyFiles, env);
    if (fingerprints.length > 0) await addKnownHosts(setup, fingerprints, env);
  } catch (error) {
    const last = setup.commands.at(-1);
    if (last && last.error === undefined) last.error = messageOf(error);
  }
  return setup;
}

/** Whether every step of the set-up worked. */
export function sshFailed(setup: SshSetup): boolean {
  return setup.commands.some(({ error }) => error !== undefined);
}

async function startAgent(setup: SshSetup, keyFiles: string[], env: Env): Promise<void> {
  const started = await record(setup, 'ssh-agent', [], env);
  for (const [, name = '', value = ''] of started.matchAll(/^(SSH_AUTH_SOCK|SSH_AGENT_PID)=([^;]+);/gm)) {
    setup.env[name] = value;
  }
  const agentEnv = { ...env, ...setup.env };
  setup.close = async () => void (await runOnce({ cwd: '/', command: 'ssh-agent', args: ['-k'] }, agentEnv));
  for (const path of keyFiles) {
    for (const key of await keysUnder(path)) await record(setup, 'ssh-add', [key], agentEnv);
  }
}

/** A key, or every file of a mounted secret; names that begin with two dots are Kubernetes' own. */
async function keysUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => !name.startsWith('..')).sort();
  return (await Promise.all(names.map((name) => keysUnder(join(path, name))))).flat();
}

async function addKnownHosts(setup: SshSetup, fingerprints: string[], env: Env): Promise<void> {
  const folder = env.TMPDIR || '/tmp';
  const file = join(folder, 'known_hosts');
  setup.commands.push({ command: `append "${file}"` });
  await mkdir(folder, { recursive: true });
  await appendFile(file, `${fingerprints.join('\n')}\n`);
  setup.commands.push({ command: 'lookup ssh path' });
  setup.env.GIT_SSH_COMMAND = `${env.GIT_SSH_COMMAND ?? (await findSsh(env))} -o UserKnownHostsFile=${file}`;
}

async function findSsh(env: Env): Promise<string> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, 'ssh');
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  throw new CutwaterError('config', 'ssh is not in PATH');
}

async function record(setup: SshSetup, command: string, args: string[], env: Env): Promise<string> {
  const { output, error } = await runOnce({ cwd: '/', command, args }, env);
  const shown = [command, ...args.map((arg) => JSON.stringify(arg))].join(' ');
  setup.commands.push({ command: shown, ...(output && { output }), ...(error !== undefined && { error }) });
  if (error !== undefined) throw new CutwaterError('config', `${shown}: ${error}`);
  return output;
}
