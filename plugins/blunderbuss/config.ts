import { z } from 'zod';
import { configuredPattern, globalSettings, type Pattern } from '../../core/plugin/index.ts';

const LACKS_REVIEW =
  'Not mergeable. (PullRequest is missing sufficient approving GitHub review\\(s\\)|Needs (lgtm|approved|approved, lgtm) labels?)\\.?';

const StatusMatch = z.object({
  context: z.string().default(''),
  state: z.string().default(''),
  /** A pattern. */
  description: z.string().default(''),
});

/** Sections `blunderbuss` and `rifle` of plugins.yaml. */
const Reviewers = z.object({
  /** So many are asked at least, where there are so many. */
  request_count: z.int().default(2),
  /** So many are asked at most, but for those whom OWNERS files require. 0: no limit. */
  max_request_count: z.int().default(0),
  /** Approvers are not asked even where reviewers are too few. */
  exclude_approvers: z.boolean().default(false),
  /** Whoever says on GitHub that they are busy is left in peace. */
  use_status_availability: z.boolean().default(false),
  ignore_drafts: z.boolean().default(false),
  ignore_authors: z.array(z.string()).default([]),
  /** Nobody is asked before a status says that nothing but a review is missing. */
  wait_for_status: StatusMatch.nullable().default(null),
});

interface AwaitedStatus {
  context: string;
  state: string;
  description: Pattern;
}

type Written = z.output<typeof Reviewers>;

export type ReviewerSettings = Omit<Written, 'wait_for_status'> & { wait_for_status: AwaitedStatus | null };

/** The settings of a plugin that asks for reviews, under its name. */
export function reviewerSettings(name: string) {
  return globalSettings<Written, ReviewerSettings>(name, Reviewers, {
    describe: ({ request_count: count }) =>
      `${name} is currently configured to request reviews from ${count} reviewer${count > 1 ? 's' : ''}.`,
    finish(value, view, file) {
      const { wait_for_status: awaited, request_count: count } = value;
      if (count < 1)
        view.problem(file, [name, 'request_count'], `invalid request_count: ${count} (needs to be positive)`);
      if (!awaited) return { ...value, wait_for_status: null };
      const at = [name, 'wait_for_status', 'description'];
      return {
        ...value,
        wait_for_status: {
          context: awaited.context || 'tide',
          state: awaited.state || 'pending',
          description: configuredPattern(view, file, at, awaited.description || LACKS_REVIEW),
        },
      };
    },
  });
}
