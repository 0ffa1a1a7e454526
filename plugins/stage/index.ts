import { anyone, chooseLabel, oneOf, plugin, setLabel } from '../../core/plugin/index.ts';

const STAGES = ['alpha', 'beta', 'stable'] as const;
const LABELS = STAGES.map((stage) => `stage/${stage}`);

const p = plugin({
  name: 'stage',
  summary: 'Labels the stage of an issue or pull request: alpha, beta or stable.',
  needs: ['labels'],
});

/** Prow: pkg/plugins/stage/stage.go. */
const set = p.command({
  names: ['stage'],
  args: oneOf(...STAGES),
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: 'Makes this the only stage label.',
  examples: ['/stage alpha', '/stage stable'],
  async run({ said, ports }) {
    for (const { args } of said) await chooseLabel(ports.labels, LABELS, `stage/${args}`);
  },
});

const remove = p.command({
  names: ['remove-stage'],
  args: oneOf(...STAGES),
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: 'Takes the stage label away.',
  examples: ['/remove-stage alpha'],
  async run({ said, ports }) {
    for (const { args } of said) await setLabel(ports.labels, `stage/${args}`, false);
  },
});

export const stage = p.define({ commands: [set, remove] });
