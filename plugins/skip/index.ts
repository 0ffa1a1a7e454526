import { anyone, none, plugin, triggerSettings } from '../../core/plugin/index.ts';
import { readJobComment, wishOf } from '../../jobs/api/comment.ts';
import { presubmitsOfPull, pullFacts } from '../../jobs/api/pull.ts';

const p = plugin({
  name: 'skip',
  summary: 'Clears statuses that block nothing and are not green, so that they no longer stand in the way.',
  config: triggerSettings,
  needs: ['jobs', 'pull', 'repo', 'statuses'],
  priority: 'report',
});

/** Prow: pkg/plugins/skip/skip.go. What the same comment starts is left to its own end. */
const command = p.command({
  names: ['skip'],
  args: none,
  on: 'pr',
  who: anyone,
  help: 'Cleans up GitHub stale commit statuses for non-blocking jobs on a PR.',
  examples: ['/skip'],
  async run({ event, ports, config }) {
    const pull = await ports.pull.get();
    const presubmits = await presubmitsOfPull(ports, () => pull);
    const unfinished = new Set(
      (await ports.statuses.combined(pull.head.sha))
        .filter(({ state }) => state !== 'success')
        .map(({ context }) => context),
    );
    const wish = wishOf(event.text, readJobComment(event.text), !config.ignore_ok_to_test);
    const decisions = await presubmits.select(wish, pullFacts(ports, pull));
    const starts = (context: string) => decisions.some(({ job, runs }) => runs && job.context === context);
    const skipped = presubmits.jobs.filter(
      ({ context, required }) => !required && unfinished.has(context) && !starts(context),
    );
    for (const context of new Set(skipped.map((job) => job.context)))
      await ports.statuses.set(pull.head.sha, { context, state: 'success', description: 'Skipped' });
  },
});

export const skip = p.define({ commands: [command] });
