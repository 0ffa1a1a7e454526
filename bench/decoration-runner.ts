// Runs one pod utility as a process of its own, as cli/launch.mjs does: `node decoration-runner.ts UTILITY`. Its options are in the environment; the last line of standard error is its peak memory.
import { enableCompileCache } from 'node:module';
import { podUtilities } from '../cli/commands.ts';

enableCompileCache();
const [name = '', ...argv] = process.argv.slice(2);
const run = await podUtilities[name]?.load();
process.exitCode = run ? await run(argv) : 2;
process.stderr.write(`\n${process.resourceUsage().maxRSS}\n`);
