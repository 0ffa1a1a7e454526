import { messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import type { Refs } from '../../api/refs.ts';
import { clonePath } from '../../spec/paths.ts';
import type { Env } from '../runtime.ts';
import { type CommandContext, runOnce, runStep } from './command.ts';
import { type CredentialSource, withCredential } from './credentials.ts';
import { gitEnvironment, withGitConfig } from './git-env.ts';
import { assertSafeRefs, baseSteps, type CloneIdentity, type CloneStep, cloneUri, pullSteps } from './plan.ts';
import type { CloneRecord } from './record.ts';

/** What all clones of one run share. `shownEnv` is the part of the environment that the records name. */
export interface CloneSetting {
  root: string;
  identity: CloneIdentity;
  env: Env;
  shownEnv: Record<string, string>;
  credentials: CredentialSource;
  retries: readonly number[];
  interrupt: AbortSignal;
  log: Logger;
}

/** Clones one set of refs and merges its pulls; never throws: what went wrong stands in the record. */
export async function cloneRefs(refs: Refs, setting: CloneSetting): Promise<CloneRecord> {
  const start = process.hrtime.bigint();
  const record: CloneRecord = { refs, commands: [] };
  try {
    assertSafeRefs(setting.root, refs);
    const context = await contextFor(refs, setting);
    await runAll(record, baseSteps(setting.root, refs, setting.identity), context, setting.log);
    if (!record.failed) await mergePulls(record, refs, context, setting);
  } catch (error) {
    record.failed = true;
    record.commands?.push({ command: 'prepare clone', error: messageOf(error) });
  }
  record.duration = Number(process.hrtime.bigint() - start);
  return record;
}

async function contextFor(refs: Refs, setting: CloneSetting): Promise<CommandContext> {
  const credential = await setting.credentials(refs.org, cloneUri(refs));
  const env = gitEnvironment({ ...setting.env, ...setting.shownEnv });
  const secrets = credential ? [credential.token, encodeURIComponent(credential.token)] : [];
  const authenticated = await withCredential(env, cloneUri(refs), credential);
  return {
    env: authenticated,
    // Git LFS asks for the real files where the remote is. Submodules must not see it: their relative addresses begin at the clone's own place, as in Prow.
    filesEnv: withGitConfig(authenticated, [['remote.origin.url', cloneUri(refs)]]),
    shownEnv: setting.shownEnv,
    censor: (text) => secrets.reduce((result, secret) => result.replaceAll(secret, 'CENSORED'), text),
    retries: setting.retries,
    interrupt: setting.interrupt,
  };
}

async function mergePulls(
  record: CloneRecord,
  refs: Refs,
  context: CommandContext,
  setting: CloneSetting,
): Promise<void> {
  const ask = async (...args: string[]) =>
    runOnce({ cwd: clonePath(setting.root, refs), command: 'git', args }, context.env);
  const shown = await ask('show', '-s', '--format=format:%ct', 'HEAD');
  const timestamp = shown.error === undefined ? Number(shown.output.trim()) : Math.floor(Date.now() / 1000);
  await runAll(record, pullSteps(setting.root, refs, timestamp), context, setting.log);
  if (record.failed) return;
  const head = await ask('rev-parse', 'HEAD');
  if (head.error === undefined) record.final_sha = head.output.trim();
  else setting.log.warn({ org: refs.org, repo: refs.repo, error: head.error }, 'cannot resolve the final commit');
}

/** Runs the steps in order and stops at the first that fails. */
async function runAll(record: CloneRecord, steps: CloneStep[], context: CommandContext, log: Logger): Promise<void> {
  for (const step of steps) {
    const command = await runStep(step, context);
    log.info(command, 'ran command');
    record.commands?.push(command);
    if (command.error !== undefined) {
      record.failed = true;
      return;
    }
  }
}
