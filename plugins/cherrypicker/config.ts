import { z } from 'zod';
import { globalSettings } from '../../core/plugin/index.ts';

/** The flags of Prow's cherrypicker by their names (Prow: cmd/external-plugins/cherrypicker/main.go). */
const CherryPicker = z.object({
  'allow-all': z.boolean().default(false).describe('Anybody may ask, not only members of the organization'),
  'create-issue-on-conflict': z
    .boolean()
    .default(false)
    .describe('Where the change conflicts, open an issue and assign it to who asked'),
  labels: z.array(z.string()).default([]).describe('Labels for the new pull requests'),
  'use-prow-assignments': z.boolean().default(true).describe('Assign the new pull requests to who asked'),
  'label-prefix': z.string().default('cherrypick/').describe('Labels that ask for a cherry-pick begin with this'),
});
export type CherryPicker = z.output<typeof CherryPicker>;

export const cherryPickerSettings = globalSettings('cherrypicker', CherryPicker.prefault({}));
