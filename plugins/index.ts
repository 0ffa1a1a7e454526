import type { Plugin } from '../core/plugin/index.ts';
import { hold } from './hold/index.ts';
import { size } from './size/index.ts';

/** Every internal plugin, one line each. */
export const plugins: readonly Plugin[] = [hold, size];
