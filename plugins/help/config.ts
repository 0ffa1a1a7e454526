import { z } from 'zod';
import { globalSettings } from '../../core/plugin/index.ts';

/** Section `help` of plugins.yaml: what people are told about issues that want help. */
const Help = z.object({
  help_guidelines_url: z.string().default(''),
  help_guidelines_summary: z.string().default(''),
});
export type Help = z.output<typeof Help>;

const USUAL = 'https://git.k8s.io/community/contributors/guide/help-wanted.md';

export const guidelines = globalSettings('help', Help, {
  finish: (given) => ({ ...given, help_guidelines_url: given.help_guidelines_url || USUAL }),
});
