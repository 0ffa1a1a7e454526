import {
  type EventContext,
  formatResponse,
  formatSimpleResponse,
  type PullRequest,
  pruneComments,
  sameLogin,
} from '../../core/plugin/index.ts';
import type { NEEDS, Ports } from './needs.ts';
import { DEPRECATION, hasNote, labelFor, NEEDED, NONE, NOTE_LABELS, parentsOf } from './rules.ts';
import { words } from './words.ts';

type Context = EventContext<'pull_request', (typeof NEEDS)[number], { guidelines_url: string }>;

/** Gives a pull request the label that its release-note block asks for (Prow: pkg/plugins/releasenote, handlePR). */
export async function labelNote(context: Context): Promise<void> {
  const { event, ports, config } = context;
  const { pull } = event;
  const added = 'label' in event.payload ? event.payload.label?.name : undefined;
  if (!pull || (event.action === 'labeled' && !NOTE_LABELS.includes(added ?? ''))) return;
  const labels = await ports.labels.list();
  let label = labelFor(pull.body, labels);
  if (label === NEEDED) {
    if (pull.merged) return;
    const noteless = await parentsWithoutNote(pull, context);
    if (noteless?.length === 0) {
      if (labels.includes(NEEDED)) await ports.labels.remove(NEEDED);
      return prune(context, words.needed(config.guidelines_url));
    }
    const news = !labels.includes(NEEDED);
    if (noteless && news)
      await ports.comments.create(formatResponse(pull.author, words.parents, words.noteless(noteless)));
    if (!labels.includes(DEPRECATION) && (await saidNone(pull, event.org, ports))) label = NONE;
    else if (news) {
      const message = labels.includes(DEPRECATION) ? words.deprecation : words.needed(config.guidelines_url);
      await ports.comments.create(formatSimpleResponse(message));
    }
  }
  await setNoteLabel(ports, label, labels);
  if (label !== NEEDED) await prune(context, words.needed(config.guidelines_url));
}

/** Makes `label` the only one of the release-note labels. */
export async function setNoteLabel({ labels: port }: Ports, label: string, present: readonly string[]): Promise<void> {
  if (!present.includes(label)) await port.add(label);
  for (const other of NOTE_LABELS) if (other !== label && present.includes(other)) await port.remove(other);
}

/** Cherry-picked pull requests without a note; undefined where this is no cherry-pick, or goes to master. */
async function parentsWithoutNote(pull: PullRequest, { at, log }: Context): Promise<number[] | undefined> {
  const parents = pull.base.ref === 'master' ? [] : parentsOf(pull.body);
  if (parents.length === 0) return undefined;
  const noteless: number[] = [];
  for (const number of parents) {
    try {
      if (!hasNote(await at({ number }).labels.list())) noteless.push(number);
    } catch (err) {
      // What cannot be read may not free this pull request from its own note.
      log.warn({ err, parent: number }, 'cannot read the labels of a cherry-picked pull request');
      noteless.push(number);
    }
  }
  return noteless;
}

/** Whether somebody who may say so has said that there is no note. */
async function saidNone(pull: PullRequest, org: string, { comments, people }: Ports): Promise<boolean> {
  const speakers = (await comments.list())
    .filter(({ body }) => /^\/release-note-none[ \t\r]*$/im.test(body))
    .map(({ author }) => author);
  if (speakers.some((speaker) => sameLogin(speaker, pull.author))) return true;
  for (const speaker of new Set(speakers)) if (await people.isMember(org, speaker)) return true;
  return false;
}

/** Deletes what the bot said while the note was missing. */
function prune({ ports, bot }: Context, needed: string): Promise<void> {
  return pruneComments(ports.comments, bot, ({ body }) => body.includes(needed) || body.includes(words.parents));
}
