import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '../runtime.ts';
import type { CloneStep } from './plan.ts';
import type { CloneCommand } from './record.ts';

/** Pauses in milliseconds between the attempts of a fetch (Prow: clone.fetchRetries). */
export const FETCH_RETRIES: readonly number[] = [100, 200, 400, 800, 2000, 5000, 10_000, 15_000, 30_000];

/** How the steps of one clone are run: in which environment, which part of it the record shows, and what is struck out of the record. */
export interface CommandContext {
  env: Env;
  /** The environment of steps that write files. */
  filesEnv: Env;
  shownEnv: Record<string, string>;
  censor(text: string): string;
  retries: readonly number[];
  /** Aborted once this process is told to stop. */
  interrupt: AbortSignal;
}

/** Runs one step, again after each pause where it may be repeated, and says what happened. A failure stands in `error`. */
export async function runStep(step: CloneStep, context: CommandContext): Promise<CloneCommand> {
  const start = process.hrtime.bigint();
  const env = step.files ? context.filesEnv : context.env;
  let result = await runOnce(step, env, context.interrupt);
  for (const pause of step.retry ? context.retries : []) {
    if (result.error === undefined || context.interrupt.aborted) break;
    await sleep(pause, undefined, { signal: context.interrupt }).catch(() => {});
    result = await runOnce(step, env, context.interrupt);
  }
  const shown = Object.entries({ ...context.shownEnv, ...step.env }).map(([name, value]) => `${name}=${value}`);
  return {
    command: context.censor(`PWD=${step.cwd} ${shown.join(' ')} ${step.command} ${step.args.join(' ')}`),
    ...(result.output && { output: context.censor(result.output) }),
    ...(result.error !== undefined && { error: context.censor(result.error) }),
    duration: Number(process.hrtime.bigint() - start),
  };
}

/** Standard output and error together, and the error as Go's exec package words it. */
export function runOnce(
  step: CloneStep,
  env: Env,
  interrupt?: AbortSignal,
): Promise<{ output: string; error?: string }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(step.command, step.args, {
      cwd: step.cwd,
      env: { ...env, ...step.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: interrupt,
    });
    const output = () => Buffer.concat(chunks).toString('utf8');
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ output: output(), error: error.message }));
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ output: output() });
      else resolve({ output: output(), error: signal ? `signal: ${signal}` : `exit status ${code}` });
    });
  });
}
