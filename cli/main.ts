import { CutwaterError, hasCode } from '../core/errors.ts';
import { commands, DEFAULT_COMMAND, podUtilities } from './commands.ts';

/** Runs `cutwater COMMAND FLAGS…`. The exit code is 0, 1 for what is wrong with the operator's files or the world, 2 for wrong usage. */
export async function main(argv: string[]): Promise<number> {
  const [first = ''] = argv;
  if (first === 'help' || (first === '--help' && argv.length === 1)) return usage();
  const named = first !== '' && !first.startsWith('-');
  const name = named ? first : DEFAULT_COMMAND;
  const command = commands[name] ?? podUtilities[name];
  if (!command) return fail(`cutwater: there is no command ${JSON.stringify(first)}; see "cutwater help"`, 2);
  try {
    const run = await command.load();
    return await run(named ? argv.slice(1) : argv);
  } catch (error) {
    if (hasCode(error, 'usage')) return fail(`cutwater ${name}: ${error.message}`, 2);
    // What is ours to say is one line; anything else is a fault of the program's, and its stack helps to mend it.
    if (error instanceof CutwaterError) return fail(error.message, 1);
    return fail(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  }
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

function usage(): number {
  const all = { ...commands, ...podUtilities };
  const width = Math.max(...Object.keys(all).map((name) => name.length));
  const lines = Object.entries(all).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  process.stdout.write(
    `usage: cutwater [COMMAND] [FLAGS]\n\n${lines.join('\n')}\n\n"cutwater COMMAND --help" lists a command's flags.\n`,
  );
  return 0;
}
