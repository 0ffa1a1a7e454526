import {
  anyone,
  commandText,
  like,
  none,
  type Plugin,
  type PortName,
  type PullRequest,
  plugin,
  sameLogin,
} from '../../core/plugin/index.ts';
import { askForReviews, NEEDS, type Strategy } from './ask.ts';
import { type ReviewerSettings, reviewerSettings } from './config.ts';

interface RequesterHead<N extends PortName> {
  name: string;
  summary: string;
  /** What `/auto-cc` is good for. */
  help: string;
  needs: readonly N[];
  strategy: Strategy<N>;
}

/** A plugin that finds reviewers for a pull request and asks them; how it chooses among owners is its `strategy`. */
export function reviewRequester<N extends PortName>({ name, strategy, ...head }: RequesterHead<N>): Plugin {
  const p = plugin({
    name,
    summary: head.summary,
    config: reviewerSettings(name),
    needs: [...NEEDS, ...head.needs],
    snippet: `${name}:\n  request_count: 2\n  max_request_count: 3\n  exclude_approvers: true\n  use_status_availability: true\n  ignore_authors: []\n`,
  });

  const autoCc = p.command({
    names: ['auto-cc'],
    args: none,
    on: 'pr',
    who: anyone,
    help: head.help,
    examples: ['/auto-cc'],
    async run(context) {
      await askForReviews(context, context.event, await context.ports.pull.get(), strategy);
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

  const onPull = p.on('pull_request', ['opened', 'ready_for_review'], async (context) => {
    const { event, config } = context;
    const { pull } = event;
    if (!pull || config.wait_for_status || isSpared(pull, config)) return;
    if (cc.said(commandText(pull.body)).length > 0) return;
    await askForReviews(context, event, pull, strategy);
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
      await askForReviews({ ...context, ports: there }, event, pull, strategy);
    }
  });

  return p.define({ commands: [autoCc], handlers: [onPull, onStatus] });
}

function isSpared(pull: PullRequest, config: ReviewerSettings): boolean {
  if (pull.draft && config.ignore_drafts) return true;
  return config.ignore_authors.some((login) => sameLogin(login, pull.author));
}
