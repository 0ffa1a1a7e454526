import type { ProwJob, ProwJobState, ProwJobType } from './prowjob.ts';

/** What a list or a watch asks for; every field given must match. */
export interface ProwJobFilter {
  labels?: Record<string, string>;
  states?: ProwJobState[];
  types?: ProwJobType[];
  job?: string;
  org?: string;
  repo?: string;
  pull?: number;
  buildId?: string;
  /** Only those not complete yet. */
  active?: boolean;
}

export interface ProwJobPage {
  items: ProwJob[];
  /** Where a watch may go on without a gap. */
  resourceVersion: string;
  /** Handed back as `after` to get the next page; absent on the last one. */
  next?: string;
}

export type WatchEvent =
  | { type: 'added' | 'modified' | 'deleted'; job: ProwJob; resourceVersion: string }
  | { type: 'bookmark'; resourceVersion: string };

/**
 * Where ProwJobs live. Two backends: embedded (SQLite) and Kubernetes; one test suite runs against both.
 * Objects handed out belong to the caller and are never changed behind its back.
 * Errors are CutwaterError: `not-found`, `conflict` (exists already, or the version is old), `gone` (watch version no longer kept), `invalid`, `transient`.
 */
export interface ProwJobStore {
  /** `conflict` where the name exists already, which is how a repeated delivery creates nothing twice. */
  create(job: ProwJob): Promise<ProwJob>;
  get(name: string): Promise<ProwJob | undefined>;
  /** Newest first, by start. */
  list(filter?: ProwJobFilter, page?: { limit?: number; after?: string }): Promise<ProwJobPage>;
  /** Reads, changes and writes, again on conflict. `change` returns the changed job, or undefined to leave it as it is. */
  update(name: string, change: (job: ProwJob) => ProwJob | undefined): Promise<ProwJob>;
  delete(name: string): Promise<void>;
  /** Everything that happened after `resourceVersion`, then what happens; ends when `signal` aborts, throws `gone` where the version is too old. */
  watch(resourceVersion: string, signal: AbortSignal, filter?: ProwJobFilter): AsyncIterable<WatchEvent>;
}
