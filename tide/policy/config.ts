import { z } from 'zod';
import { parseDuration } from '../../core/config/duration.ts';
import { duration, template } from '../../core/config/schema.ts';
import { type Combining, type Part, type Section, section } from '../../core/config/section.ts';
import { GerritOrgRepos } from '../../core/config/sections/gerrit.ts';
import { parseTemplate, type Template } from '../../core/config/template/template.ts';
import { ContextOptions } from './context-options.ts';
import { MergeMethods, mergeMethodProblems } from './merge-method.ts';
import { TideQuery } from './queries.ts';
import { queryProblem } from './query-problems.ts';

const MERGE_BLOCKS = ['ignore', 'permit', 'block'] as const;
type MergeBlocksPolicy = (typeof MERGE_BLOCKS)[number];

const DEFAULT_GOROUTINES = 20;
const DEFAULT_GERRIT_RATELIMIT = 5;

/** Keys by repository take `*`, `org` and `org/repo`; the narrowest counts. */
const TideSchema = z.object({
  gerrit: z.object({ queries: GerritOrgRepos.optional(), ratelimit: z.int().optional() }).optional(),
  sync_period: duration().optional(),
  status_update_period: duration().optional(),
  max_goroutines: z.int().min(0, 'it needs to be a positive number').optional(),
  batch_size_limit: z.record(z.string(), z.int()).optional(),
  prioritize_existing_batches: z.record(z.string(), z.boolean()).optional(),
  github_merge_blocks_policy: z.record(z.string(), z.enum(MERGE_BLOCKS)).optional(),
  queries: z.array(TideQuery).optional(),
  merge_method: MergeMethods.optional(),
  merge_commit_template: z
    .record(z.string(), z.object({ title: template().optional(), body: template().optional() }))
    .optional(),
  target_url: z.string().optional(),
  target_urls: z.record(z.string(), z.string()).optional(),
  pr_status_base_url: z.string().optional(),
  pr_status_base_urls: z.record(z.string(), z.string()).optional(),
  blocker_label: z.string().optional(),
  squash_label: z.string().optional(),
  rebase_label: z.string().optional(),
  merge_label: z.string().optional(),
  context_options: ContextOptions.optional(),
  priority: z.array(z.object({ labels: z.array(z.string()).optional() })).optional(),
  display_all_tide_queries_in_status: z.boolean().optional(),
});
type RawTide = z.output<typeof TideSchema>;

interface CommitTemplates {
  title?: Template | undefined;
  body?: Template | undefined;
}

/** Tide's settings. Times are in milliseconds; maps are looked up with `forRepo`, but for commit templates, which know no `*`. */
export interface Tide {
  gerrit?: { queries: GerritOrgRepos; ratelimit: number } | undefined;
  syncPeriod: number;
  statusUpdatePeriod: number;
  maxGoroutines: number;
  /** 0: no limit; -1: no batches. */
  batchSizeLimit: Readonly<Record<string, number>>;
  prioritizeExistingBatches: Readonly<Record<string, boolean>>;
  mergeBlocksPolicy: Readonly<Record<string, MergeBlocksPolicy>>;
  /** As written; `joinQueries` makes of them what GitHub is asked. */
  queries: readonly TideQuery[];
  mergeMethods: MergeMethods;
  commitTemplates: ReadonlyMap<string, CommitTemplates>;
  targetUrls: Readonly<Record<string, string>>;
  prStatusBaseUrls: Readonly<Record<string, string>>;
  blockerLabel: string;
  squashLabel: string;
  rebaseLabel: string;
  mergeLabel: string;
  contextOptions: ContextOptions;
  /** Sets of labels: pull requests that have all of a set come first, sets in order. */
  priority: readonly (readonly string[])[];
  displayAllQueries: boolean;
}

const MAY_BE_SUPPLEMENTED = new Set(['queries', 'merge_method']);

function mergeTide(base: RawTide, additional: RawTide): RawTide {
  const other = Object.entries(additional).find(([key, value]) => !MAY_BE_SUPPLEMENTED.has(key) && Boolean(value));
  if (other) throw new Error(`${other[0]} may not be set here: only merge_method and queries may`);
  const methods = Object.keys(additional.merge_method ?? {});
  const twice = methods.find((key) => Object.hasOwn(base.merge_method ?? {}, key));
  if (twice !== undefined) throw new Error(`config for org or repo ${twice} passed more than once`);
  return {
    ...base,
    queries: [...(base.queries ?? []), ...(additional.queries ?? [])],
    merge_method: { ...base.merge_method, ...additional.merge_method },
  };
}

const declared = section({ key: 'tide', schema: TideSchema, merge: mergeTide, finish: finishTide });

/** The key `tide` of config.yaml (Prow: pkg/config/tide.go); supplemental files may add queries and merge methods. */
export const tide: Section<Tide, RawTide> = {
  ...declared,
  combine(parts, view) {
    for (const part of parts) checkPart(part, view);
    return declared.combine(parts, view);
  },
};

/** What can be told of each file by itself, where it stands in that file. */
function checkPart({ file, value }: Part<RawTide>, view: Combining): void {
  for (const [index, query] of (value.queries ?? []).entries()) {
    const wrong = queryProblem(query);
    const path = ['tide', 'queries', index, ...(wrong?.key ? [wrong.key] : [])];
    if (wrong) view.problem(file, path, `tide query (index ${index}) is invalid: ${wrong.message}`);
  }
  for (const { path, message } of mergeMethodProblems(value.merge_method ?? {}))
    view.problem(file, ['tide', 'merge_method', ...path], message);
}

function finishTide(raw: RawTide, view: Combining, file: string): Tide {
  const refuse = (key: string, message: string) => view.problem(file, ['tide', key], message);
  const syncPeriod = parseDuration(raw.sync_period ?? '1m');
  return {
    ...(raw.gerrit && { gerrit: gerritOf(raw.gerrit) }),
    syncPeriod,
    statusUpdatePeriod: raw.status_update_period ? parseDuration(raw.status_update_period) : syncPeriod,
    maxGoroutines: raw.max_goroutines || DEFAULT_GOROUTINES,
    batchSizeLimit: raw.batch_size_limit ?? {},
    prioritizeExistingBatches: raw.prioritize_existing_batches ?? {},
    mergeBlocksPolicy: raw.github_merge_blocks_policy ?? {},
    queries: raw.queries ?? [],
    mergeMethods: raw.merge_method ?? {},
    commitTemplates: templatesOf(raw),
    targetUrls: targetUrlsOf(raw, refuse),
    prStatusBaseUrls: prStatusBaseUrlsOf(raw, refuse),
    blockerLabel: raw.blocker_label ?? '',
    squashLabel: raw.squash_label ?? '',
    rebaseLabel: raw.rebase_label ?? '',
    mergeLabel: raw.merge_label ?? '',
    contextOptions: raw.context_options ?? {},
    priority: (raw.priority ?? []).map(({ labels }) => labels ?? []),
    displayAllQueries: raw.display_all_tide_queries_in_status ?? false,
  };
}

function gerritOf({ queries = [], ratelimit }: NonNullable<RawTide['gerrit']>) {
  return { queries, ratelimit: ratelimit || DEFAULT_GERRIT_RATELIMIT };
}

function templatesOf({ merge_commit_template = {} }: RawTide): Map<string, CommitTemplates> {
  return new Map(
    Object.entries(merge_commit_template).map(([place, { title, body }]) => [
      place,
      {
        ...(title && { title: parseTemplate('CommitTitle', title) }),
        ...(body && { body: parseTemplate('CommitBody', body) }),
      },
    ]),
  );
}

type Refuse = (key: string, message: string) => void;

function targetUrlsOf({ target_url, target_urls = {} }: RawTide, refuse: Refuse): Record<string, string> {
  if (!target_url) return target_urls;
  if (Object.keys(target_urls).length > 0)
    refuse('target_url', 'tide.target_url and tide.target_urls are mutually exclusive');
  return { '*': target_url };
}

function prStatusBaseUrlsOf(raw: RawTide, refuse: Refuse): Record<string, string> {
  const { pr_status_base_url: one, pr_status_base_urls: many = {} } = raw;
  const places = Object.keys(many);
  if (one && places.length > 0)
    refuse('pr_status_base_url', 'both pr_status_base_url and pr_status_base_urls are defined');
  if (one) return { '*': one };
  if (places.length > 0 && !places.includes('*'))
    refuse('pr_status_base_urls', "pr_status_base_urls is defined but the default value ('*') is missing");
  return many;
}
