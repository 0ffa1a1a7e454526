import type { Plugin } from '../core/plugin/index.ts';
import { helpPlugin } from './help/index.ts';
import { hold } from './hold/index.ts';
import { lgtm } from './lgtm/index.ts';
import { size } from './size/index.ts';

/** Every internal plugin, one line each. */
export const plugins: readonly Plugin[] = [helpPlugin, hold, lgtm, size];
