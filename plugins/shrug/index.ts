import { anyone, hasLabel, none, plugin, setLabel } from '../../core/plugin/index.ts';

const LABEL = '¯\\_(ツ)_/¯';
/** The same with Markdown's own characters escaped. */
const IN_MARKDOWN = '¯\\\\\\_(ツ)\\_/¯';

const p = plugin({ name: 'shrug', summary: LABEL, needs: ['labels', 'comments'], priority: 'fun' });

/** Prow: pkg/plugins/shrug/shrug.go. */
const shrugCommand = p.command({
  names: ['shrug'],
  args: none,
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: `Adds the label ${LABEL}.`,
  examples: ['/shrug'],
  run: ({ ports }) => setLabel(ports.labels, LABEL, true),
});

const unshrug = p.command({
  names: ['unshrug'],
  args: none,
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: `Takes the label ${LABEL} away.`,
  examples: ['/unshrug'],
  async run({ event, ports, reply }) {
    if (shrugCommand.said(event.text).length > 0) return;
    if (!hasLabel(await ports.labels.list(), LABEL)) return;
    await reply(IN_MARKDOWN);
    await ports.labels.remove(LABEL);
  },
});

export const shrug = p.define({ commands: [shrugCommand, unshrug] });
