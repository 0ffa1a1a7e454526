import { anyone, chooseLabels, oneOf, plugin } from '../../core/plugin/index.ts';

const STAGES = ['alpha', 'beta', 'stable'] as const;
const LABELS = STAGES.map((stage) => `stage/${stage}`);

const p = plugin({
  name: 'stage',
  summary: 'Labels the stage of an issue or pull request: alpha, beta or stable.',
  needs: ['labels'],
});

const data = { args: oneOf(...STAGES), on: 'both', evenClosed: true, who: anyone } as const;

const set = p.command({
  ...data,
  names: ['stage'],
  help: 'Makes this the only stage label.',
  examples: ['/stage alpha', '/stage stable'],
});

const remove = p.command({
  ...data,
  names: ['remove-stage'],
  help: 'Takes the stage label away.',
  examples: ['/remove-stage alpha'],
});

/** Prow: pkg/plugins/stage/stage.go. */
const onComment = p.onSaid(async ({ event, ports }) => {
  const choices = event.text
    .split('\n')
    .flatMap((line) => [
      ...set.said(line).map(({ args }) => ({ label: `stage/${args}`, wanted: true })),
      ...remove.said(line).map(({ args }) => ({ label: `stage/${args}`, wanted: false })),
    ]);
  await chooseLabels(ports.labels, LABELS, choices);
});

export const stage = p.define({ commands: [set, remove], handlers: [onComment] });
