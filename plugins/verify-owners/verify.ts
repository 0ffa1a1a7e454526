import {
  type ChangedFile,
  type CommandEventContext,
  formatResponseTo,
  hasLabel,
  joinUrl,
  type OwnersAliases,
  type PullRequest,
  parseAliases,
  plainText,
  pruneComments,
  sameLogin,
  withoutTeamMentions,
} from '../../core/plugin/index.ts';
import type { VerifyOwnersSettings } from './config.ts';
import { checkOwners } from './file.ts';
import { untrustedOwners, untrustedReason } from './trust.ts';

/** What verify-owners sees of GitHub. */
export const NEEDS = ['labels', 'comments', 'owners', 'reviews', 'people', 'pull', 'repo'] as const;
export const LABEL = 'do-not-merge/invalid-owners-file';

type Context = Pick<CommandEventContext<(typeof NEEDS)[number], VerifyOwnersSettings>, 'ports' | 'config' | 'bot'>;
/** A stranger's change may spoil thousands of files. */
const MOST_COMMENTS = 50;

type Wrong = { path: string; body: string; position: number };

/** Prow: pkg/plugins/verify-owners/verify-owners.go, handle; but nothing is cloned. */
export async function verifyOwners(context: Context, org: string, pull: PullRequest): Promise<void> {
  const { ports, config } = context;
  const { filenames, skipCollaborators } = config.owners;
  const [files, labels] = await Promise.all([ports.pull.files(), ports.labels.list()]);
  const changed = files.filter(({ path, status }) => status !== 'removed' && isOwners(path, config));
  const aliasesFile = files.find(({ path }) => path === filenames.aliases);
  const labelled = hasLabel(labels, LABEL);
  if (changed.length === 0 && !aliasesFile && !labelled) return;
  const { aliases, problems } = await aliasesOf(context, pull, aliasesFile);
  if (problems.length > 0) {
    if (!labelled) await ports.labels.add(LABEL);
    return sayOnce(context, 'The content of OWNERS_ALIASES is invalid.');
  }
  if ([...aliases.values()].some(({ size }) => size === 0))
    await sayOnce(context, 'There are empty aliases in OWNER_ALIASES, cleanup is advised.');
  const { wrong, named } = await checkFiles(context, pull, changed);
  const members = [...aliases.values()].flatMap((logins) => [...logins]);
  const candidates = [...(aliasesFile ? [{ ...aliasesFile, owners: members }] : []), ...named];
  const untrusted = skipCollaborators ? new Map() : await untrustedOwners(context, org, candidates, aliases);
  const isWrong = wrong.length > 0 || untrusted.size > 0;
  if (isWrong && !labelled) await ports.labels.add(LABEL);
  if (!isWrong && labelled) await ports.labels.remove(LABEL);
  if (wrong.length > 0) await reviewFiles(context, pull, wrong);
  await tellUntrusted(context, org, untrusted);
}

function isOwners(path: string, { owners, directories }: VerifyOwnersSettings): boolean {
  const slash = path.lastIndexOf('/');
  return path.slice(slash + 1) === owners.filenames.owners && directories(path.slice(0, Math.max(0, slash)));
}

/** As they will be after the merge: of the change where it touches them, of the base branch elsewhere. */
async function aliasesOf(
  { ports, config }: Context,
  pull: PullRequest,
  changed: ChangedFile | undefined,
): Promise<{ aliases: OwnersAliases; problems: string[] }> {
  const path = config.owners.filenames.aliases;
  const isGone = changed?.status === 'removed';
  if (changed && !isGone)
    return parseAliases((await ports.owners.texts(pull.head.sha, [changed])).get(changed.sha) ?? '', path);
  return parseAliases((isGone ? undefined : await ports.repo.file(path, pull.base.ref)) ?? '', path);
}

async function checkFiles({ ports, config }: Context, pull: PullRequest, files: readonly ChangedFile[]) {
  const wrong: Wrong[] = [];
  const named: { path: string; patch: string; owners: string[] }[] = [];
  const texts = files.length > 0 ? await ports.owners.texts(pull.head.sha, files) : new Map<string, string>();
  for (const { path, patch, sha } of files) {
    const text = texts.get(sha);
    const verdict = checkOwners({ path, patch, text }, config.owners.labelsDenylist);
    if ('problem' in verdict)
      wrong.push({ path, body: withoutTeamMentions(verdict.problem), position: verdict.position });
    else named.push({ path, patch, owners: verdict.owners });
  }
  return { wrong, named };
}

async function reviewFiles({ ports, config }: Context, pull: PullRequest, wrong: Wrong[]): Promise<void> {
  const message = `${wrong.length} invalid ${config.owners.filenames.owners} file${wrong.length === 1 ? '' : 's'}`;
  await ports.reviews.create({
    commit: pull.head.sha,
    event: 'COMMENT',
    body: formatResponseTo(pull.body, pull.url, pull.author, message),
    comments: wrong.slice(0, MOST_COMMENTS),
  });
}

/** The list of those who are not trusted replaces an older one, and goes with the last of them. */
async function tellUntrusted(
  { ports, config, bot }: Context,
  org: string,
  untrusted: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const { owners, triggers } = config;
  const head = `The OWNERS file contains untrusted users, which makes it INVALID. The following users are mentioned in ${owners.filenames.owners} file(s) but are untrusted for the following reasons. One way to make the user trusted is to add them as [members](${joinUrl(triggers, org)}) of the ${org} org. You can then trigger verification by writing \`/verify-owners\` in a comment.`;
  await pruneComments(ports.comments, bot, ({ body }) => body.includes(head));
  if (untrusted.size === 0) return;
  const reason = untrustedReason(org, triggers);
  const lines = [...untrusted].flatMap(([login, paths]) => [
    `- ${plainText(login)}`,
    ...[reason, ...paths.map(plainText)].map((line) => `  - ${line}`),
  ]);
  await ports.comments.create([head, ...lines].join('\n'));
}

/** What stands there already need not be said with each push. */
async function sayOnce({ ports, bot }: Context, words: string): Promise<void> {
  const said = (await ports.comments.list()).some(({ author, body }) => sameLogin(author, bot) && body === words);
  if (!said) await ports.comments.create(words);
}
