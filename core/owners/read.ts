import { parseAliases } from './aliases.ts';
import { directoryFilter } from './denylist.ts';
import { type OwnersFile, parseMarkdownOwners, parseOwners } from './file.ts';
import type { OwnersContent } from './owners.ts';
import type { OwnersFilenames } from './settings.ts';

/** Which files of a repository are read for its owners. */
export interface OwnersSelection {
  filenames: OwnersFilenames;
  markdown: boolean;
  /** Patterns of directories that do not count. */
  ignoredDirs: readonly string[];
}

export type OwnersKind = 'owners' | 'markdown' | 'aliases';

/** A function that says what a path is to owners; undefined for most. */
export function ownersKind(selection: OwnersSelection): (path: string) => OwnersKind | undefined {
  const { filenames, markdown, ignoredDirs } = selection;
  const counts = directoryFilter(ignoredDirs);
  return (path) => {
    if (path === filenames.aliases) return 'aliases';
    const name = path.slice(path.lastIndexOf('/') + 1);
    const kind = markdown && name.endsWith('.md') ? 'markdown' : name === filenames.owners ? 'owners' : undefined;
    return kind && counts(directoryOf(path)) ? kind : undefined;
  };
}

/** Puts together what was read. */
export function ownersContent(
  sha: string,
  filenames: OwnersFilenames,
  texts: Iterable<{ path: string; kind: OwnersKind; text: string }>,
): OwnersContent {
  const files = new Map<string, OwnersFile>();
  const problems: { path: string; message: string }[] = [];
  let aliases: OwnersContent['aliases'] = new Map();
  for (const { path, kind, text } of texts) {
    if (kind === 'aliases') {
      const read = parseAliases(text, path);
      aliases = read.aliases;
      problems.push(...read.problems.map((message) => ({ path, message })));
      continue;
    }
    const file = kind === 'markdown' ? parseMarkdownOwners(text, path) : parseOwners(text, path);
    files.set(kind === 'markdown' ? path : directoryOf(path), file);
    problems.push(...file.problems.map((message) => ({ path, message })));
  }
  return { sha, filenames, aliases, files, problems };
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
