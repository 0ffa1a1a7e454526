import { posix } from 'node:path';
import { z } from 'zod';
import {
  configuredPattern,
  globalSettings,
  joined,
  ownersSettings,
  type Pattern,
  plugin,
  type Reaction,
} from '../../core/plugin/index.ts';

const REACTIONS: readonly Reaction[] = ['+1', 'heart', 'hooray'];

/** Section `heart` of plugins.yaml. */
const Heart = z.object({ adorees: z.array(z.string()).default([]), commentregexp: z.string().default('') });
type Heart = z.output<typeof Heart>;

const heartSettings = globalSettings<Heart, Heart & { pattern?: Pattern }>('heart', Heart, {
  finish(settings, view, file) {
    if (settings.commentregexp === '') return settings;
    return { ...settings, pattern: configuredPattern(view, file, ['heart', 'commentregexp'], settings.commentregexp) };
  },
});

const p = plugin({
  name: 'heart',
  summary:
    'Celebrates with reactions: pull requests that add to OWNERS or OWNERS_ALIASES files, and comments of certain people.',
  needs: ['comments', 'issue', 'pull'],
  config: joined(
    { heart: heartSettings, owners: ownersSettings },
    ({ heart: { adorees, commentregexp } }) =>
      `The heart plugin is configured to react to comments,  satisfying the regular expression ${commentregexp}, left by the following GitHub users: ${adorees.join(', ')}.`,
  ),
  priority: 'fun',
  snippet: 'heart:\n  adorees:\n  - alice\n  - bob\n  commentregexp: .*\n',
});

function oneOfThem(random: number): Reaction {
  return REACTIONS[Math.floor(random * REACTIONS.length)] ?? 'heart';
}

/** Prow: pkg/plugins/heart/heart.go. Comments on pull requests only, and on the conversation only. */
const onComment = p.onComment(['created'], async ({ event, ports, config, random }) => {
  const { adorees, pattern } = config.heart;
  if (!event.isPull || event.commentId === undefined || event.source !== 'comment') return;
  if (!adorees.includes(event.user) || !pattern?.test(event.body)) return;
  await ports.comments.react(event.commentId, oneOfThem(random()));
});

const onPull = p.on('pull_request', ['opened'], async ({ ports, config, random }) => {
  const { owners, aliases } = config.owners.filenames;
  const added = (await ports.pull.files()).some(
    ({ path, additions }) => additions > 0 && [owners, aliases].includes(posix.basename(path)),
  );
  if (added) await ports.issue.react(oneOfThem(random()));
});

export const heart = p.define({ handlers: [onComment, onPull] });
