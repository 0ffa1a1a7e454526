import { z } from 'zod';
import { parseDuration } from '../../core/config/duration.ts';
import { duration } from '../../core/config/schema.ts';
import { section } from '../../core/config/section.ts';

/** The key `horologium` (Prow: pkg/config/config.go, Horologium). Milliseconds. */
export const horologium = section({
  key: 'horologium',
  schema: z.object({ tick_interval: duration().default('1m') }),
  finish: ({ tick_interval }) => ({ tick_interval: parseDuration(tick_interval) }),
});
