import type { Pattern } from '../config/pattern.ts';
import { expandAliases, normLogin, type OwnersAliases } from './aliases.ts';
import type { OwnersFile, OwnersOptions } from './file.ts';
import type { OwnersFilenames } from './settings.ts';

/** Names by distance: those of the nearest OWNERS file first; each name once, sorted within its layer. */
export type Layers = readonly (readonly string[])[];

/**
 * Who owns what in a repository at one commit (Prow: pkg/repoowners, RepoOwner). Logins are lower-case, aliases expanded. Paths and directories
 * are written as GitHub writes them; the root is ''. Never changes.
 */
export interface Owners {
  /** The commit. */
  readonly sha: string;
  readonly filenames: OwnersFilenames;
  readonly aliases: OwnersAliases;
  /** What is wrong in which file; the rest holds all the same. */
  readonly problems: readonly { path: string; message: string }[];
  approvers(path: string): Layers;
  leafApprovers(path: string): Set<string>;
  reviewers(path: string): Layers;
  leafReviewers(path: string): Set<string>;
  requiredReviewers(path: string): Set<string>;
  labels(path: string): Set<string>;
  /** The nearest directory (or Markdown file) that names approvers for the path. */
  approverDirectory(path: string): string;
  reviewerDirectory(path: string): string;
  hasNoParentOwners(directory: string): boolean;
  autoApprovesUnownedSubfolders(directory: string): boolean;
  topLevelApprovers(): Set<string>;
  allApprovers(): Set<string>;
  allReviewers(): Set<string>;
  allOwners(): Set<string>;
}

/** What was read of a repository. */
export interface OwnersContent {
  sha: string;
  filenames: OwnersFilenames;
  aliases: OwnersAliases;
  /** By directory, or by path for Markdown files. */
  files: ReadonlyMap<string, OwnersFile>;
  problems: readonly { path: string; message: string }[];
}

interface Entry {
  pattern: Pattern | undefined;
  names: ReadonlySet<string>;
}
type ByPath = ReadonlyMap<string, readonly Entry[]>;
type Role = 'approvers' | 'reviewers' | 'required_reviewers' | 'labels';

/** With `collaborators`, approvers and reviewers who are none of them do not count. */
export function ownersOf(content: OwnersContent, collaborators?: readonly string[]): Owners {
  const keep = collaborators && new Set(collaborators.map(normLogin));
  const approvers = entriesOf(content, 'approvers', keep);
  const reviewers = entriesOf(content, 'reviewers', keep);
  const required = entriesOf(content, 'required_reviewers');
  const labels = entriesOf(content, 'labels');
  const optionsOf = (path: string): OwnersOptions | undefined => content.files.get(path)?.options;
  const stopsAt = (path: string) => optionsOf(path)?.no_parent_owners === true;
  const all = (path: string, people: ByPath) => layersFor(path, people, stopsAt, false);
  const leaf = (path: string, people: ByPath) => new Set(layersFor(path, people, stopsAt, true).flat());
  return {
    sha: content.sha,
    filenames: content.filenames,
    aliases: content.aliases,
    problems: content.problems,
    approvers: (path) => all(path, approvers),
    leafApprovers: (path) => leaf(path, approvers),
    reviewers: (path) => all(path, reviewers),
    leafReviewers: (path) => leaf(path, reviewers),
    requiredReviewers: (path) => new Set(all(path, required).flat()),
    labels: (path) => new Set(all(path, labels).flat()),
    approverDirectory: (path) => nearest(path, approvers),
    reviewerDirectory: (path) => nearest(path, reviewers),
    hasNoParentOwners: stopsAt,
    autoApprovesUnownedSubfolders: (directory) => optionsOf(directory)?.auto_approve_unowned_subfolders === true,
    topLevelApprovers: () => leaf('.', approvers),
    allApprovers: () => everyone(approvers),
    allReviewers: () => everyone(reviewers),
    allOwners: () => everyone(approvers).union(everyone(reviewers)),
  };
}

function entriesOf({ files, aliases }: OwnersContent, role: Role, keep?: ReadonlySet<string>): ByPath {
  const result = new Map<string, Entry[]>();
  for (const [path, { rules }] of files) {
    const entries = rules
      .filter((rule) => rule[role].length > 0)
      .map((rule): Entry => ({ pattern: rule.pattern, names: namesOf(rule[role], role, aliases, keep) }));
    if (entries.length > 0) result.set(path, entries);
  }
  return result;
}

function namesOf(written: string[], role: Role, aliases: OwnersAliases, keep?: ReadonlySet<string>): Set<string> {
  if (role === 'labels') return new Set(written);
  const expanded = expandAliases(written, aliases);
  return keep ? expanded.intersection(keep) : expanded;
}

function layersFor(path: string, people: ByPath, stopsAt: (at: string) => boolean, leafOnly: boolean): string[][] {
  const file = clean(path);
  const seen = new Set<string>();
  const layers: string[][] = [];
  for (const at of upwards(file)) {
    const layer = matching(people.get(at), relative(at, file)).filter((name) => !seen.has(name));
    for (const name of layer) seen.add(name);
    layers.push([...new Set(layer)].sort());
    if (seen.size > 0 && (leafOnly || stopsAt(at))) break;
  }
  return layers;
}

function matching(entries: readonly Entry[] | undefined, path: string): string[] {
  return (entries ?? [])
    .filter(({ pattern }) => pattern === undefined || pattern.test(path))
    .flatMap(({ names }) => [...names]);
}

/** Prow: findOwnersForFile. The root is never found, it is what remains. */
function nearest(path: string, people: ByPath): string {
  const file = clean(path);
  return upwards(file).find((at) => at === '' || matching(people.get(at), relative(at, file)).length > 0) ?? '';
}

function everyone(people: ByPath): Set<string> {
  return new Set([...people.values()].flatMap((entries) => entries.flatMap(({ names }) => [...names])));
}

/** The path itself, each directory above it, and the root last. */
function upwards(path: string): string[] {
  const result: string[] = [];
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) result.push(at);
  return [...result, ''];
}

function relative(from: string, path: string): string {
  if (from === path) return '.';
  return from === '' ? path : path.slice(from.length + 1);
}

function clean(path: string): string {
  if (path === '.') return '';
  const start = path.startsWith('./') ? 2 : 0;
  return path.endsWith('/') ? path.slice(start, -1) : path.slice(start);
}
