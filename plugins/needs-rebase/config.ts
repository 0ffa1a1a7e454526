import { z } from 'zod';
import { globalSettings } from '../../core/plugin/index.ts';

const NeedsRebase = z.object({
  'cache-valid-time': z
    .int()
    .min(0)
    .default(0)
    .describe('Seconds in which a comment does not make the plugin look again; 0 looks at every comment'),
});

/** Prow's flags of the same names (Prow: cmd/external-plugins/needs-rebase/main.go); the period of the sweep is a flag of the program. */
export const needsRebaseSettings = globalSettings('needs_rebase', NeedsRebase.prefault({}));
