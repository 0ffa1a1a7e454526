// Runs one pod utility as a process of its own: `node decoration-runner.ts UTILITY`. Its options are in the environment; the last line of standard error is its peak memory.
import { run as clonerefs } from '../jobs/pod-utils/clonerefs/index.ts';
import { run as entrypoint } from '../jobs/pod-utils/entrypoint/index.ts';
import { run as initupload } from '../jobs/pod-utils/initupload/index.ts';
import { run as sidecar } from '../jobs/pod-utils/sidecar/index.ts';

const utilities = new Map(Object.entries({ clonerefs, entrypoint, initupload, sidecar }));
const utility = utilities.get(process.argv[2] ?? '');
process.exitCode = utility ? await utility(process.argv.slice(3), process.env) : 2;
process.stderr.write(`\n${process.resourceUsage().maxRSS}\n`);
