import type { Operations } from './operations.ts';

/** One call to the thread that owns the database. */
export interface Call {
  name: keyof Operations;
  args: unknown[];
}

/** What it came to. */
export type Outcome = { value: unknown } | { error: string };

export type Request = { id: number; calls: Call[] };
export type Response = { id: number; outcomes: Outcome[] };
