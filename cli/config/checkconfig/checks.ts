import { CutwaterError } from '../../../core/errors.ts';
import type { Check } from './check.ts';
import { fieldChecks } from './fields.ts';
import { hierarchyChecks } from './hierarchy.ts';
import { jobChecks } from './jobs.ts';
import { pluginChecks } from './plugins.ts';
import { protectionChecks } from './protection.ts';
import { tideChecks } from './tide.ts';
import { tidePluginChecks } from './tide-plugins.ts';

/** Every warning, by Prow's names. */
export const checks: readonly Check[] = [
  ...tidePluginChecks,
  ...jobChecks,
  ...tideChecks,
  ...protectionChecks,
  ...pluginChecks,
  ...fieldChecks,
  ...hierarchyChecks,
];

/** What one check does as well. */
const PART_OF: Readonly<Record<string, string>> = {
  'mismatched-tide-lenient': 'mismatched-tide',
  'unknown-fields': 'unknown-fields-all',
};

export interface Choice {
  warnings: readonly string[];
  excluded: readonly string[];
  /** The default ones beside those that are named. */
  includeDefaults: boolean;
  expensive: boolean;
  /** Whether we know the GitHub App, and may ask where it is installed. */
  app: boolean;
}

/** The checks that are wanted. Throws `usage` for a name that is none. */
export function chooseChecks(choice: Choice): Check[] {
  const names = new Set(checks.map(({ name }) => name));
  const wrong = choice.warnings.find((name) => !names.has(name));
  if (wrong !== undefined)
    throw new CutwaterError('usage', `no such warning "${wrong}", valid warnings: ${[...names].sort().join(', ')}`);
  const all = choice.warnings.length === 0 || choice.includeDefaults;
  const wanted = new Set([
    ...choice.warnings,
    ...checks.filter(({ when }) => all && (when === 'default' || choice.expensive)).map(({ name }) => name),
    ...(choice.app ? ['validate-github-app-installation'] : []),
  ]);
  for (const name of choice.excluded) wanted.delete(name);
  return checks.filter(({ name }) => wanted.has(name) && !wanted.has(PART_OF[name] ?? ''));
}
