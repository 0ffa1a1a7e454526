import { availableOnly, takeRandom } from './choose.ts';
import { reviewRequester } from './requester.ts';

/** Prow: pkg/plugins/blunderbuss. */
export const blunderbuss = reviewRequester({
  name: 'blunderbuss',
  summary:
    'The blunderbuss plugin automatically requests reviews from reviewers when a new PR is created. The reviewers are selected randomly from the OWNERS files that apply to the files modified by the PR.',
  help: 'Manually request reviews from reviewers for a PR. Useful if OWNERS file were updated since the PR was opened.',
  needs: [],
  strategy: async (context) => ({ pick: availableOnly(context, takeRandom) }),
});
