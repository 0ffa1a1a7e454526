import { z } from 'zod';
import { compilePattern } from '../config/pattern.ts';
import { section } from '../config/section.ts';
import { own } from '../own.ts';
import type { Settings } from '../plugin/settings.ts';

const patterns = z.array(z.string()).default([]);

/** `owners_dir_denylist` of config.yaml: directories in which OWNERS files do not count (Prow: pkg/config/config.go, OwnersDirDenylist). */
export const OwnersDirDenylist = z.object({
  default: patterns,
  repos: z.record(z.string(), patterns).default({}),
  ignore_preconfigured_defaults: z.boolean().default(false),
});
export type OwnersDirDenylist = z.output<typeof OwnersDirDenylist>;

export const ownersDirDenylist = section({ key: 'owners_dir_denylist', schema: OwnersDirDenylist });

const PRECONFIGURED = ['\\.git$', '_output$', 'vendor/.*/.*'];

/** The patterns that hold for a repository; each may match anywhere in a directory's path. */
export function ignoredDirs(list: OwnersDirDenylist, org: string, repo: string): string[] {
  return [
    ...list.default,
    ...(own(list.repos, org) ?? []),
    ...(own(list.repos, `${org}/${repo}`) ?? []),
    ...(list.ignore_preconfigured_defaults ? [] : PRECONFIGURED),
  ];
}

/** For plugins: says of a directory of the repository whether its OWNERS file counts. */
export const ownersDirs: Settings<(directory: string) => boolean> = {
  sections: [ownersDirDenylist],
  forRepo: (config, org, repo) => directoryFilter(ignoredDirs(config.get(ownersDirDenylist), org, repo)),
};

/** Whether files directly in `directory` are looked at: neither it nor one above it is denied. The root is `.`, as Go's filepath.Walk says it. */
export function directoryFilter(sources: readonly string[]): (directory: string) => boolean {
  const denied = sources.flatMap((source) => compiled(source));
  const known = new Map<string, boolean>();
  function counts(directory: string): boolean {
    const answer = known.get(directory) ?? decide(directory);
    known.set(directory, answer);
    return answer;
  }
  function decide(directory: string): boolean {
    if (denied.some((pattern) => pattern.test(directory === '' ? '.' : directory))) return false;
    return directory === '' || counts(directory.slice(0, Math.max(0, directory.lastIndexOf('/'))));
  }
  return counts;
}

/** A pattern that does not compile denies nothing; checkconfig tells. */
function compiled(source: string) {
  try {
    return [compilePattern(source)];
  } catch {
    return [];
  }
}
