import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { exitCode, loadOptions } from '../options.ts';
import { type Env, processRuntime, type UtilityRuntime } from '../runtime.ts';
import { type CloneSetting, cloneRefs } from './clone.ts';
import { FETCH_RETRIES } from './command.ts';
import { credentialSource } from './credentials.ts';
import { withGitConfig } from './git-env.ts';
import { CLONEREFS_SHAPE, type ClonerefsOptions, clonerefsFlags, validateClonerefs } from './options.ts';
import type { CloneRecord } from './record.ts';
import { setUpSsh, sshFailed } from './ssh.ts';

/** The pod utility clonerefs: clones the refs in CLONEREFS_OPTIONS or the flags and writes the records. Exit code 1 where the options or the log are wrong, or with `fail` a clone failed. */
export async function run(
  argv: readonly string[],
  env: Env,
  runtime: UtilityRuntime = processRuntime('clonerefs'),
): Promise<number> {
  return exitCode(runtime, async () => {
    const options = loadOptions(env, 'CLONEREFS_OPTIONS', CLONEREFS_SHAPE, () => clonerefsFlags(argv));
    for (const warning of validateClonerefs(options))
      runtime.log.warn({ warning }, 'multiple refs clone to the same location');
    const interrupt = new AbortController();
    setMaxListeners(0, interrupt.signal);
    const stopListening = runtime.onInterrupt(() => interrupt.abort());
    const records = await createRecords(options, env, runtime, FETCH_RETRIES, interrupt.signal).finally(stopListening);
    await writeFile(options.log, JSON.stringify(records), { mode: 0o755 });
    const failed = records.filter((record) => record.failed).length;
    if (failed > 0) runtime.log.error({ failed }, 'clone records failed');
    else runtime.log.info({ records: records.length }, 'finished cloning refs');
    return interrupt.signal.aborted || (options.fail && failed > 0) ? 1 : 0;
  });
}

/** Clones everything and says what was done: first the record of the preparations, then one for each refs, in their order. */
export async function createRecords(
  options: ClonerefsOptions,
  env: Env,
  runtime: UtilityRuntime,
  retries: readonly number[],
  interrupt: AbortSignal = new AbortController().signal,
): Promise<CloneRecord[]> {
  const ssh = await setUpSsh(options.key_files ?? [], options.host_fingerprints ?? [], env);
  const preparations: CloneRecord = {
    refs: { org: '', repo: '' },
    ...(ssh.commands.length > 0 && { commands: ssh.commands }),
  };
  try {
    if (sshFailed(ssh)) return [{ ...preparations, failed: true }];
    const setting: CloneSetting = {
      root: options.src_root,
      identity: { userName: options.git_user_name, userEmail: options.git_user_email, cookiePath: options.cookie_path },
      // Submodules need the cookie as well, and no file outside the clone is ours to change.
      env: options.cookie_path ? withGitConfig(env, [['http.cookiefile', options.cookie_path]]) : env,
      shownEnv: ssh.env,
      credentials: credentialSource(options, runtime.log),
      retries,
      interrupt,
      log: runtime.log,
    };
    return [
      preparations,
      ...(await inParallel(options.refs, options.max_parallel_workers || options.refs.length, setting)),
    ];
  } finally {
    await ssh.close();
  }
}

async function inParallel(
  refs: ClonerefsOptions['refs'],
  workers: number,
  setting: CloneSetting,
): Promise<CloneRecord[]> {
  const records: CloneRecord[] = [];
  const queue = [...refs.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) records[next[0]] = await cloneRefs(next[1], setting);
  };
  await Promise.all(Array.from({ length: Math.min(workers, refs.length) }, work));
  return records;
}
