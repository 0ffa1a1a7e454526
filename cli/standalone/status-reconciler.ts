import path from 'node:path';
import { boolFlag, listFlag, stringFlag } from '../../core/flags.ts';
import { jobsPort } from '../../jobs/port/port.ts';
import { storageFlags } from '../components/flags.ts';
import { STATUS_RECONCILER_LEASE } from '../components/leading.ts';
import { runStatusReconciler } from '../components/status-reconciler.ts';
import { openStorage } from '../components/storage.ts';
import { githubFlags } from '../start/flags.ts';
import { openGitHub } from '../start/github.ts';
import { componentFlags, runComponent } from './component.ts';

/** Prow: cmd/status-reconciler. */
const flags = {
  ...githubFlags,
  ...componentFlags,
  ...storageFlags,
  'status-path': stringFlag(
    'where the configuration is kept that was reconciled last: a file, gs://… or s3://…; without it changes while we are away are not seen',
    'PATH',
  ),
  'continue-on-error': boolFlag('go on with other pull requests where one fails'),
  denylist: listFlag('an org or org/repo where presubmits that are new are not started; may be repeated', 'NAME'),
  'denylist-all': listFlag('an org or org/repo that is left alone altogether; may be repeated', 'NAME'),
};

/** `cutwater status-reconciler`: keeps open pull requests mergeable when presubmits come, go, or change their context. */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'status-reconciler',
      flags,
      begin(values, context) {
        const { config, store, log, registry } = context;
        const github = openGitHub(values, undefined, log, registry);
        const reconciler = context.whileLeading(STATUS_RECONCILER_LEASE, () =>
          runStatusReconciler({
            ...context,
            github,
            jobs: jobsPort({ config, store, log }),
            reconciling: {
              storage: openStorage(values),
              statusPath: absolute(values['status-path']),
              denylist: values.denylist,
              denylistAll: values['denylist-all'],
              continueOnError: values['continue-on-error'],
            },
          }),
        );
        return {
          async stop(graceMs) {
            await reconciler.stop(graceMs);
            github.close();
          },
        };
      },
    },
    argv,
  );
}

function absolute(place: string | undefined): string | undefined {
  return place === undefined || place.includes('://') ? place : path.resolve(place);
}
