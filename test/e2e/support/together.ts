import { EXCLUSIVE } from '../../../core/plugin/enablement.ts';
import { plugins } from '../../../plugins/index.ts';

/** The names of all plugins that can be on at once: the first of those that exclude each other. */
export const TOGETHER: readonly string[] = plugins
  .map(({ name }) => name)
  .filter((name) => !EXCLUSIVE.some(([, ...others]) => others.includes(name)));
