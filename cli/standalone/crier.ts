import { CutwaterError } from '../../core/errors.ts';
import { type Flag, intFlag } from '../../core/flags.ts';
import type { Reporter } from '../../jobs/report/reporter.ts';
import { runCrier } from '../components/crier.ts';
import { type EnablementFlags, enablement } from '../components/enablement.ts';
import { enablementFlags } from '../components/flags.ts';
import { reportFlags } from '../components/report-flags.ts';
import { openReporters, type ReporterName } from '../components/reporters.ts';
import { githubFlags } from '../start/flags.ts';
import { openGitHub } from '../start/github.ts';
import { componentFlags, runComponent } from './component.ts';
import { idleConfigFlags, idleCrierFlags } from './idle-flags.ts';

/** Prow: cmd/crier. */
const crierFlags = {
  ...githubFlags,
  ...componentFlags,
  ...idleConfigFlags,
  ...idleCrierFlags,
  ...reportFlags,
  ...enablementFlags,
  'github-workers': intFlag('reports to GitHub side by side, in one repository; none unless given'),
  'slack-workers': intFlag('reports to Slack side by side, in one channel; none unless given'),
  'pubsub-workers': intFlag('reports to Pub/Sub side by side, to one topic; none unless given'),
  'blob-storage-workers': intFlag('reports to storage side by side, of one repository; none unless given'),
  'kubernetes-blob-storage-workers': intFlag('the same for podinfo.json'),
  'gerrit-workers': absentReporter('Gerrit', "keep Prow's crier for it, with --gerrit-workers alone"),
  'resultstore-workers': absentReporter('ResultStore', "keep Prow's crier for it, with --resultstore-workers alone"),
};

/** Workers of a reporter that there is only in Prow: none, or else jobs would end without anybody being told. */
function absentReporter(name: string, instead: string): Flag<number | undefined> {
  const flag = intFlag(`0 alone: nothing here reports to ${name}; ${instead}`);
  return {
    ...flag,
    read(text, before) {
      if ((flag.read(text, before) ?? 0) > 0)
        throw new CutwaterError('usage', `nothing here reports to ${name}: ${instead}`);
      return undefined;
    },
  };
}

type WorkerFlags = Partial<
  Record<`${'github' | 'slack' | 'pubsub' | 'blob-storage' | 'kubernetes-blob-storage'}-workers`, number>
>;

/** How many workers each reporter has; one that has none is left out. Throws `usage` where there is none at all. */
export function workersOf(flags: { [K in keyof WorkerFlags]?: number | undefined }): Map<ReporterName, number> {
  const given: [ReporterName, number | undefined][] = [
    ['github', flags['github-workers']],
    ['slack', flags['slack-workers']],
    ['pubsub', flags['pubsub-workers']],
    ['storage', flags['blob-storage-workers']],
    ['pod', flags['kubernetes-blob-storage-workers']],
  ];
  const workers = new Map(given.flatMap(([name, count = 0]) => (count > 0 ? [[name, count] as const] : [])));
  if (workers.size === 0)
    throw new CutwaterError('usage', 'crier needs at least one report worker, such as --github-workers=5');
  return workers;
}

/** `cutwater crier`: tells of jobs where people look. */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'crier',
      flags: crierFlags,
      idleFlags: { ...idleConfigFlags, ...idleCrierFlags },
      begin(flags, context) {
        const workers = workersOf(flags);
        if (workers.has('slack') && !flags['slack-token-file'] && flags['additional-slack-token-files'].length === 0)
          throw new CutwaterError('usage', 'one of --slack-token-file or --additional-slack-token-files must be set');
        const enabled = enablement(flags satisfies EnablementFlags);
        const github = openGitHub(flags, undefined, context.log, context.registry);
        const { clusters } = context.places;
        const opened = [...workers].map(([name, count]) => ({
          count,
          reporters: openReporters({ ...context, flags, github, clusters }, [name]),
        }));
        const counts = new Map<Reporter, number>(
          opened.flatMap(({ count, reporters }) => reporters.all.map((reporter) => [reporter, count] as const)),
        );
        const crier = runCrier({
          ...context,
          reporters: [...counts.keys()],
          workers: (reporter) => counts.get(reporter) ?? 1,
          enabled,
        });
        return {
          async stop(graceMs) {
            await crier.stop(graceMs);
            for (const { reporters } of opened) await reporters.close();
            github.close();
          },
        };
      },
    },
    argv,
  );
}
