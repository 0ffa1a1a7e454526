import { anyone, commandText, like, none, type PullRequest, plugin, sameLogin } from '../../core/plugin/index.ts';
import { askForReviews, NEEDS } from './ask.ts';
import { type BlunderbussSettings, settings } from './config.ts';

const p = plugin({
  name: 'blunderbuss',
  summary:
    'The blunderbuss plugin automatically requests reviews from reviewers when a new PR is created. The reviewers are selected randomly from the OWNERS files that apply to the files modified by the PR.',
  config: settings,
  needs: NEEDS,
  snippet:
    'blunderbuss:\n  request_count: 2\n  max_request_count: 3\n  exclude_approvers: true\n  use_status_availability: true\n  ignore_authors: []\n',
});

const autoCc = p.command({
  names: ['auto-cc'],
  args: none,
  on: 'pr',
  who: anyone,
  help: 'Manually request reviews from reviewers for a PR. Useful if OWNERS file were updated since the PR was opened.',
  examples: ['/auto-cc'],
  async run(context) {
    await askForReviews(context, context.event, await context.ports.pull.get());
  },
});

/** Who names reviewers in the description needs nobody to find some. */
const cc = p.command({
  names: ['cc', 'uncc'],
  args: like('[@name…]', /^(?:@?[-/\w]+(?: +@?[-/\w]+)*)?$/),
  on: 'pr',
  who: anyone,
  help: 'Asks for reviews.',
  examples: ['/cc'],
});

function isSpared(pull: PullRequest, config: BlunderbussSettings): boolean {
  if (pull.draft && config.ignore_drafts) return true;
  return config.ignore_authors.some((login) => sameLogin(login, pull.author));
}

const onPull = p.on('pull_request', ['opened', 'ready_for_review'], async (context) => {
  const { event, config } = context;
  const { pull } = event;
  if (!pull || config.wait_for_status || isSpared(pull, config)) return;
  if (cc.said(commandText(pull.body)).length > 0) return;
  await askForReviews(context, event, pull);
});

const onStatus = p.on('status', [], async (context) => {
  const { event, config, ports } = context;
  const { sha, state, description } = event.payload;
  const awaited = config.wait_for_status;
  if (!awaited || event.payload.context !== awaited.context || state !== awaited.state) return;
  if (!awaited.description.test(description ?? '')) return;
  for (const number of await ports.pull.withHead(sha)) {
    const there = context.at({ number });
    const pull = await there.pull.get();
    if (isSpared(pull, config) || pull.requestedReviewers.length > 0) continue;
    await askForReviews({ ...context, ports: there }, event, pull);
  }
});

/** Prow: pkg/plugins/blunderbuss. */
export const blunderbuss = p.define({ commands: [autoCc], handlers: [onPull, onStatus] });
