import { CutwaterError } from '../../core/errors.ts';
import { type Flag, stringFlag } from '../../core/flags.ts';
import { type LabelSelector, parseLabelSelector } from '../../core/kube/label-selector.ts';
import { buildIds } from '../components/build-id.ts';
import { runClusterStatus } from '../components/cluster-status.ts';
import { runController } from '../components/controller.ts';
import { storageFlags } from '../components/flags.ts';
import { CONTROLLER_LEASE, together } from '../components/leading.ts';
import { runScheduler } from '../components/scheduler.ts';
import { openStorage } from '../components/storage.ts';
import { componentFlags, runComponent } from './component.ts';
import { idleConfigFlags, idleGitHubFlags } from './idle-flags.ts';

const CONTROLLERS = ['plank', 'scheduler'] as const;
type ControllerName = (typeof CONTROLLERS)[number];

/** Prow: cmd/prow-controller-manager. */
const controllerFlags = {
  ...componentFlags,
  ...storageFlags,
  ...idleConfigFlags,
  ...idleGitHubFlags,
  'tot-url': stringFlag('a tot server that build ids come from; our own ids unless given', 'URL'),
  'label-selector': selectorFlag('only pods with these labels are followed'),
  'enable-controller': controllersFlag('plank (pods for jobs) or scheduler (clusters for jobs); may be repeated'),
};

/** The first one given takes the place of the default. */
function controllersFlag(help: string): Flag<readonly ControllerName[]> {
  const initial: readonly ControllerName[] = ['plank'];
  return {
    help: `${help} (plank)`,
    initial,
    value: CONTROLLERS.join('|'),
    read(text, before) {
      const name = CONTROLLERS.find((each) => each === text);
      if (!name) throw new CutwaterError('usage', `there is no controller ${JSON.stringify(text)}`);
      return before === initial ? [name] : [...before, name];
    },
  };
}

function selectorFlag(help: string): Flag<LabelSelector> {
  return { help, initial: parseLabelSelector(''), value: 'SELECTOR', read: parseLabelSelector };
}

/** `cutwater controller`: the pod-runner controller, and the scheduler where it is asked for. */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'controller',
      flags: controllerFlags,
      idleFlags: { ...idleConfigFlags, ...idleGitHubFlags },
      begin(flags, { whileLeading, ...context }) {
        const enabled = flags['enable-controller'];
        const storage = openStorage(flags);
        const buildId = buildIds(flags['tot-url']);
        return whileLeading(CONTROLLER_LEASE, () =>
          together([
            ...(enabled.includes('scheduler') ? [runScheduler(context)] : []),
            ...(enabled.includes('plank')
              ? [
                  runController({ ...context, buildId, podSelector: flags['label-selector'] }),
                  runClusterStatus({ ...context, storage }),
                ]
              : []),
          ]),
        );
      },
    },
    argv,
  );
}
