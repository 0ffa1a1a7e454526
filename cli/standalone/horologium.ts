import { runHorologium } from '../components/periodics.ts';
import { componentFlags, runComponent } from './component.ts';
import { idleConfigFlags } from './idle-flags.ts';

/** `cutwater horologium`: starts periodics (Prow: cmd/horologium). */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'horologium',
      flags: { ...componentFlags, ...idleConfigFlags },
      idleFlags: idleConfigFlags,
      begin: (_flags, context) => runHorologium(context),
    },
    argv,
  );
}
