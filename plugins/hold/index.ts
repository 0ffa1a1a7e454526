import { anyone, plugin, rest } from '../../core/plugin/index.ts';

const LABEL = 'do-not-merge/hold';

const p = plugin({
  name: 'hold',
  summary: 'Keeps a pull request out of the merge pool until someone releases it.',
  needs: ['labels'],
});

/** Prow: pkg/plugins/hold/hold.go. Works on closed pull requests too, as there. */
const release = p.command({
  names: ['hold cancel', 'remove-hold', 'unhold'],
  args: rest('reason'),
  on: 'pr',
  evenClosed: true,
  who: anyone,
  help: `Removes the \`${LABEL}\` label, so that the pull request may merge.`,
  examples: ['/hold cancel', '/unhold', '/remove-hold'],
  async run({ ports }) {
    if ((await ports.labels.list()).includes(LABEL)) await ports.labels.remove(LABEL);
  },
});

const keep = p.command({
  names: ['hold'],
  args: rest('reason'),
  on: 'pr',
  evenClosed: true,
  who: anyone,
  help: `Adds the \`${LABEL}\` label, which stops this pull request from merging.`,
  examples: ['/hold', '/hold until the freeze ends'],
  async run({ event, ports }) {
    if (release.said(event.text).length > 0) return;
    if (!(await ports.labels.list()).includes(LABEL)) await ports.labels.add(LABEL);
  },
});

export const hold = p.define({ commands: [keep, release] });
