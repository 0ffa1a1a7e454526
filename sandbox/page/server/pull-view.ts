import { log } from '../../git/commits.ts';
import { diffFiles, type FileChange } from '../../git/diff.ts';
import { mergeBase } from '../../git/refs.ts';
import { atLeast, permissionOf } from '../../model/access.ts';
import { preparedCommit } from '../../model/actions/index.ts';
import { gitDir } from '../../model/lookup.ts';
import type { Issue, PullIssue } from '../../model/records.ts';
import { currentBase, pullNumbers } from '../../present/pulls.ts';
import type { Box, CommitRow, FileView, IssueView, PullView } from '../views.ts';
import { type Reading, repoPath, shownLogin } from './context.ts';
import { frameOf } from './frame.ts';
import { asideOf, stateOf } from './rows.ts';
import { stepsOf } from './steps.ts';
import { timelineOf } from './timeline.ts';

const FILES_SHOWN = 200;
const LINES_SHOWN = 1000;

/** A pull request's page, for one of its tabs. `say` fills the box. */
export async function pullView(
  reading: Reading,
  issue: PullIssue,
  tab: PullView['tab'],
  say: string | null,
): Promise<PullView> {
  const { world, repo } = reading;
  const { pull } = issue;
  const path = `${repoPath(world, repo)}/pull/${issue.number}`;
  const numbers = await pullNumbers(world, issue);
  const timeline = timelineOf(reading, issue);
  const address = tab === 'conversation' ? path : `${path}/${tab}`;
  const title = `${issue.title} #${issue.number}`;
  return {
    ...frameOf(reading, { section: 'pulls', title, path: address, current: issue.number }),
    kind: 'pull',
    tab,
    pull: {
      number: issue.number,
      title: issue.title,
      state: stateOf(issue),
      author: shownLogin(world.accounts.need(issue.authorId)),
      base: pull.baseRef,
      head: headName(reading, issue),
      path,
      commits: numbers.commits,
      additions: numbers.additions,
      deletions: numbers.deletions,
      files: numbers.changedFiles,
      conversation: timeline.filter(({ type }) => type === 'comment').length,
      push: pushOf(reading, issue),
    },
    timeline: tab === 'conversation' ? timeline : [],
    commits: tab === 'commits' ? await commitsOf(reading, issue) : [],
    files: tab === 'files' ? await filesOf(reading, issue) : [],
    aside: asideOf(reading, issue),
    box: boxOf(reading, issue, `${path}/comments`, say),
  };
}

/** An issue's page. */
export function issueView(reading: Reading, issue: Issue, say: string | null): IssueView {
  const { world, repo } = reading;
  const path = `${repoPath(world, repo)}/issues/${issue.number}`;
  return {
    ...frameOf(reading, { section: 'issues', title: `${issue.title} #${issue.number}`, path }),
    kind: 'issue',
    issue: {
      number: issue.number,
      title: issue.title,
      state: issue.state,
      author: shownLogin(world.accounts.need(issue.authorId)),
      at: issue.createdAt,
    },
    timeline: timelineOf(reading, issue),
    aside: asideOf(reading, issue),
    box: boxOf(reading, issue, `${path}/comments`, say),
  };
}

function headName({ world, repo }: Reading, { pull }: PullIssue): string {
  if (pull.headRepoId === repo.id) return pull.headRef;
  const fork = world.repos.get(pull.headRepoId);
  return fork ? `${world.accounts.need(fork.ownerId).login}:${pull.headRef}` : pull.headRef;
}

/** Who may push to the branch: its author, and those who may write in the repository where it lives or that it is proposed to. */
export function mayPush({ world, repo, actor }: Reading, issue: PullIssue): boolean {
  if (issue.authorId === actor.id) return true;
  const headRepo = world.repos.get(issue.pull.headRepoId);
  if (headRepo && atLeast(permissionOf(world, headRepo, actor), 'write')) return true;
  return issue.pull.maintainerCanModify && atLeast(permissionOf(world, repo, actor), 'write');
}

function pushOf(reading: Reading, issue: PullIssue): PullView['pull']['push'] {
  if (issue.state === 'closed') return { title: null, reason: null };
  const next = preparedCommit(reading.world, issue);
  if (!next) return { title: null, reason: 'No prepared commit is left to push.' };
  if (!mayPush(reading, issue)) return { title: null, reason: `${reading.actor.login} may not push here.` };
  return { title: next.title, reason: null };
}

function boxOf(reading: Reading, issue: Issue, action: string, say: string | null): Box {
  const { world } = reading;
  const quiet = issue.pull !== undefined && issue.state === 'open' && world.comments.in(issue.id).length === 0;
  const untouched = quiet && stepsOf(reading).every(({ done }) => !done);
  return {
    text: say ?? (untouched ? '/test all' : ''),
    action,
    closed: issue.state === 'closed',
    kind: issue.pull ? 'pull' : 'issue',
    problem: null,
  };
}

async function rangeOf({ world, repo }: Reading, issue: PullIssue): Promise<{ dir: string; from: string; to: string }> {
  const dir = gitDir(world, repo);
  const base = await currentBase(world, issue);
  return { dir, from: (await mergeBase(dir, base, issue.pull.headSha)) ?? base, to: issue.pull.headSha };
}

async function commitsOf(reading: Reading, issue: PullIssue): Promise<CommitRow[]> {
  const { dir, from, to } = await rangeOf(reading, issue);
  const commits = await log(dir, to, { not: from, reverse: true, limit: 250 });
  return commits.map(({ sha, message, author }) => ({
    sha,
    title: message.split('\n')[0] ?? '',
    author: author.name,
    at: author.date,
  }));
}

async function filesOf(reading: Reading, issue: PullIssue): Promise<FileView[]> {
  const { dir, from, to } = await rangeOf(reading, issue);
  const files = await diffFiles(dir, from, to, true);
  return files.slice(0, FILES_SHOWN).map((file) => ({
    path: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    lines: linesOf(file),
  }));
}

function linesOf({ patch }: FileChange): FileView['lines'] {
  const lines = patch?.replace(/\n$/, '').split('\n') ?? null;
  if (!lines || lines.length > LINES_SHOWN) return null;
  return lines.map((line) => {
    if (line.startsWith('@@')) return { type: 'hunk', text: line };
    if (line.startsWith('+')) return { type: 'add', text: line.slice(1) };
    if (line.startsWith('-')) return { type: 'remove', text: line.slice(1) };
    return { type: 'same', text: line.replace(/^ /, '') };
  });
}
