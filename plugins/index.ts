import type { Plugin } from '../core/plugin/index.ts';
import { hold } from './hold/index.ts';

/** Every internal plugin, one line each. */
export const plugins: readonly Plugin[] = [hold];
