import { describeFlags, parseFlagsAlone } from '../../core/flags.ts';
import { createLogger, type Logger } from '../../core/log.ts';
import { stopOnce, stopSignal } from '../until-stopped.ts';
import { prepare, wantsGitHub } from './first-run.ts';
import { type StartFlags, startFlags } from './flags.ts';
import { type Program, startProgram } from './program.ts';
import { startWithSandbox } from './sandbox.ts';

/** `cutwater start`: runs until it is told to stop. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`usage: cutwater [start] [FLAGS]\n\n${describeFlags(startFlags)}\n`);
    return 0;
  }
  const values = parseFlagsAlone(startFlags, argv);
  const log = createLogger('cutwater', values['log-level']);
  const stopped = stopSignal();
  const program = wantsSandbox(values) ? await startHere(values, log) : await startConfigured(values, stopped, log);
  if (!program) return 0;
  await stopped;
  log.info('Stopping');
  await stopOnce(program);
  return 0;
}

/** With nothing configured there is no GitHub to talk to but our own. */
function wantsSandbox(flags: StartFlags): boolean {
  return flags.sandbox || (flags['config-path'] === undefined && !wantsGitHub(flags));
}

/** On the sandbox the only code is one's own; elsewhere that is for the operator to know. */
async function startConfigured(given: StartFlags, stopped: Promise<void>, log: Logger): Promise<Program | undefined> {
  const prepared = await prepare(given, stopped, log);
  if (!prepared) return undefined;
  const { flags, app } = prepared;
  if (flags['local-runtime'] === 'process')
    log.warn(
      'Jobs run as plain processes: with the rights of this user, its files and its network, isolated from nothing. That is only for code that you trust',
    );
  return startProgram(flags, log, { app });
}

async function startHere(flags: StartFlags, log: Logger): Promise<Program> {
  const program = await startWithSandbox(flags, log);
  const { url, sandboxUrl } = program;
  process.stdout.write(
    `\n  Sandbox   ${sandboxUrl}\n  Logs      ${url}\n  Metrics   ${url}/metrics\n\nCtrl-C stops it; what happened is kept for the next start.\n\n`,
  );
  return program;
}
