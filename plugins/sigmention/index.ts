import { z } from 'zod';
import {
  configuredPattern,
  globalSettings,
  hasLabel,
  type Pattern,
  plugin,
  sameLogin,
} from '../../core/plugin/index.ts';

const DEFAULT = String.raw`(?m)@kubernetes/sig-([\w-]*)-(misc|test-failures|bugs|feature-requests|proposals|pr-reviews|api-reviews)`;
const KINDS = new Map([
  ['bugs', 'kind/bug'],
  ['feature-requests', 'kind/feature'],
  ['api-reviews', 'kind/api-change'],
  ['proposals', 'kind/design'],
]);

/** Section `sigmention` of plugins.yaml: the first group of the pattern names the SIG, the second the kind. */
const SigMention = z.object({ regexp: z.string().default('') });

const p = plugin({
  name: 'sigmention',
  summary:
    "Labels what mentions the GitHub team of a SIG, such as '@kubernetes/sig-testing-bugs', with 'sig/*' and 'kind/*', and repeats the mentions of people whom GitHub does not let notify the team.",
  needs: ['labels', 'people'],
  config: globalSettings<z.output<typeof SigMention>, Pattern>('sigmention', SigMention, {
    describe: ({ source }) =>
      `Labels added by the plugin are triggered by mentions of GitHub teams matching the following regexp:\n${source}`,
    finish: ({ regexp }, view, file) => configuredPattern(view, file, ['sigmention', 'regexp'], regexp || DEFAULT),
  }),
  snippet: `sigmention:\n  regexp: ${DEFAULT}\n`,
});

/** Prow: pkg/plugins/sigmention/sigmention.go. Mentions count wherever they stand, since they notify from there too. */
const onComment = p.onComment(['created'], async ({ event, ports, config, bot, reply }) => {
  if (sameLogin(event.user, bot)) return;
  const mentions = config.matchAll(event.body);
  if (mentions.length === 0) return;
  const [present, catalog] = await Promise.all([ports.labels.list(), ports.labels.catalog()]);
  const known = new Map(catalog.map(({ name }) => [name.toLowerCase(), name]));
  const real = mentions.flatMap(([whole = '', sig = '', kind = '']) => {
    const label = known.get(`sig/${sig}`.toLowerCase());
    return label === undefined ? [] : [{ whole, labels: [label, KINDS.get(kind)] }];
  });
  if (real.length === 0) return;
  const wanted = new Set(real.flatMap(({ labels }) => labels.filter((label) => label !== undefined)));
  await ports.labels.add(...[...wanted].filter((label) => !hasLabel(present, label)));
  if (await ports.people.isMember(event.org, event.user)) return;
  const repeated = real.map(({ whole }) => whole).join(', ');
  await reply(`Reiterating the mentions to trigger a notification: \n${repeated}\n`);
});

export const sigmention = p.define({ handlers: [onComment] });
