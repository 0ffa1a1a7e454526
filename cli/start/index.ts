import { describeFlags, parseFlags } from '../../core/flags.ts';
import { createLogger, type Logger } from '../../core/log.ts';
import { stopOnce, stopSignal } from '../until-stopped.ts';
import { type StartFlags, startFlags } from './flags.ts';
import { type Program, startProgram } from './program.ts';
import { startWithSandbox } from './sandbox.ts';

/** `cutwater start`: runs until it is told to stop. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`usage: cutwater [start] [FLAGS]\n\n${describeFlags(startFlags)}\n`);
    return 0;
  }
  const { values } = parseFlags(startFlags, argv);
  const log = createLogger('cutwater', values['log-level']);
  const program = wantsSandbox(values) ? await startHere(values, log) : await startConfigured(values, log);
  await stopSignal();
  log.info('Stopping');
  await stopOnce(program);
  return 0;
}

/** With nothing configured there is no GitHub to talk to but our own. */
function wantsSandbox(flags: StartFlags): boolean {
  return flags.sandbox || flags['config-path'] === undefined;
}

/** On the sandbox the only code is one's own; elsewhere that is for the operator to know. */
function startConfigured(flags: StartFlags, log: Logger): Promise<Program> {
  if (flags['local-runtime'] === 'process')
    log.warn(
      'Jobs run as plain processes: with the rights of this user, its files and its network, isolated from nothing. That is only for code that you trust',
    );
  return startProgram(flags, log);
}

async function startHere(flags: StartFlags, log: Logger): Promise<Program> {
  const program = await startWithSandbox(flags, log);
  const { url, sandboxUrl } = program;
  process.stdout.write(
    `\n  Sandbox   ${sandboxUrl}\n  Logs      ${url}\n  Metrics   ${url}/metrics\n\nCtrl-C stops it; what happened is kept for the next start.\n\n`,
  );
  return program;
}
