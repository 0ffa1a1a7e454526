import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import {
  boolFlag,
  choiceFlag,
  describeFlags,
  durationFlag,
  type FlagValues,
  intFlag,
  parseFlagsAlone,
  stringFlag,
} from '../../core/flags.ts';
import { openListeners } from '../../core/hook/listeners.ts';
import { createLogger, type Logger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { ProwJobType } from '../../jobs/api/prowjob.ts';
import { rootForJob } from '../../jobs/artifacts/paths.ts';
import { Counters } from '../../jobs/buildid/counters.ts';
import { lastBuildAt } from '../../jobs/buildid/fallback.ts';
import { serveTot } from '../../jobs/buildid/server.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { instrumentationFlags } from '../components/flags.ts';
import { configFlags } from '../start/flags.ts';
import { openConfig } from '../start/settings.ts';
import { stopOnce, stopSignal } from '../until-stopped.ts';

const PORT = 8888;

/** Prow: cmd/tot. */
const flags = {
  ...configFlags,
  ...instrumentationFlags,
  port: intFlag('where numbers are vended (8888)'),
  storage: stringFlag('the file with the last number of each job (tot.json)', 'FILE'),
  fallback: boolFlag('ask what stands at --fallback-url-template for the last number of jobs that are new here'),
  'fallback-url-template': stringFlag(
    'with %s for the name of the job (https://storage.googleapis.com/kubernetes-jenkins/logs/%s/latest-build.txt)',
    'URL',
  ),
  'fallback-bucket': stringFlag("the address of a bucket in Prow's layout, asked instead; needs --config-path", 'URL'),
  'grace-period': durationFlag('how long requests under way may take to finish when the program stops', '5s'),
  'log-level': choiceFlag('how much is logged', ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info'),
};
type TotFlags = FlagValues<typeof flags>;

/** `cutwater tot`: vends build numbers, one after the other for each job, for those who name it in --tot-url. */
export async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`usage: cutwater tot [FLAGS]\n\n${describeFlags(flags)}\n`);
    return 0;
  }
  const values = parseFlagsAlone(flags, argv);
  const log = createLogger('tot', values['log-level']);
  const stop = stopSignal();
  const fallback = openFallback(values, log);
  const counters = await Counters.open(values.storage ?? 'tot.json', fallback.lastBuild);
  const listeners = await openListeners({
    routes: [{ prefix: '/vend/', handle: (request, response) => serveTot(request, response, { counters, log }) }],
    registry: createMetrics(),
    ready: () => true,
    log,
    port: values.port ?? PORT,
    metricsPort: values['metrics-port'],
    healthPort: values['health-port'],
    pprofPort: values['pprof-port'],
  });
  log.info({ url: listeners.url }, 'Ready');
  await stop;
  await stopOnce({
    async stop() {
      await listeners.close(values['grace-period']);
      fallback.close();
    },
  });
  return 0;
}

/** Who knows the last number of jobs that have none here yet. */
function openFallback(values: TotFlags, log: Logger): { lastBuild(job: string): Promise<number>; close(): void } {
  const bucket = values['fallback-bucket'];
  const none = { lastBuild: async () => 0, close: () => {} };
  if (!values.fallback) return none;
  if (!bucket) {
    const template =
      values['fallback-url-template'] ?? 'https://storage.googleapis.com/kubernetes-jenkins/logs/%s/latest-build.txt';
    return {
      ...none,
      lastBuild: (job) =>
        lastBuildAt(
          template.replace('%s', () => job),
          { log },
        ),
    };
  }
  if (!values['config-path'])
    throw new CutwaterError('usage', 'you need to provide the prow config when a fallback bucket is specified');
  const agent = openConfig(values, log);
  return {
    close: () => agent.close(),
    async lastBuild(job) {
      const type = typeOf(job, agent.current);
      if (type)
        return lastBuildAt(`${bucket.replace(/\/$/, '')}/${rootForJob({ type, job })}/latest-build.txt`, { log });
      log.error({ job }, 'no job of this name is configured');
      return 0;
    },
  };
}

function typeOf(name: string, config: Config): ProwJobType | undefined {
  const { presubmits, postsubmits, periodics } = config.get(jobs);
  const isIt = (job: { name: string }) => job.name === name;
  if ([...presubmits.values()].flat().some(isIt)) return 'presubmit';
  if ([...postsubmits.values()].flat().some(isIt)) return 'postsubmit';
  return periodics.some(isIt) ? 'periodic' : undefined;
}
