import type { Priority } from './spender.ts';

/** The order of a queue, 0 first, and the part of the hourly budget that is kept for those who are more urgent. */
export const URGENCY: Record<Priority, { order: number; reserve: number }> = {
  merge: { order: 1, reserve: 0 },
  trigger: { order: 3, reserve: 0.02 },
  report: { order: 5, reserve: 0.05 },
  label: { order: 6, reserve: 0.1 },
  fun: { order: 8, reserve: 0.2 },
};
