import { z } from 'zod';
import { configuredPattern, globalSettings, type Pattern, repos, type Settings } from '../../core/plugin/index.ts';

const patterns = z.array(z.string()).default([]);

/** An entry of section `blockades` of plugins.yaml; all that name a repository hold for it. */
const Blockade = z.object({
  repos,
  /** Branches that it holds for; empty: all. */
  branchregexp: z.string().default(''),
  /** Paths that are protected. */
  blockregexps: patterns,
  /** Paths that are not, all the same. */
  exceptionregexps: patterns,
  /** Why, for people. */
  explanation: z.string().default(''),
});

export interface Blockade {
  repos: string[];
  branch: Pattern;
  blocked: Pattern[];
  exceptions: Pattern[];
  explanation: string;
}

const all = globalSettings<z.output<typeof Blockade>[], Blockade[]>('blockades', z.array(Blockade).default([]), {
  finish: (entries, view, file) =>
    entries.map((entry, index) => {
      const compile = (key: string, sources: string[]) =>
        sources.map((source, place) => configuredPattern(view, file, ['blockades', index, key, place], source));
      return {
        repos: entry.repos,
        branch: configuredPattern(view, file, ['blockades', index, 'branchregexp'], entry.branchregexp),
        blocked: compile('blockregexps', entry.blockregexps),
        exceptions: compile('exceptionregexps', entry.exceptionregexps),
        explanation: entry.explanation || 'Files are protected',
      };
    }),
});

export const settings: Settings<Blockade[]> = {
  sections: all.sections,
  forRepo: (config, org, repo) =>
    all
      .forRepo(config, org, repo)
      .filter((entry) => entry.repos.some((name) => [org, `${org}/${repo}`].includes(name))),
  describe: (blockades) =>
    blockades.length === 0
      ? ''
      : `The following blockades apply in this repository:${blockades.map(described).join('')}`,
};

const INDENT = '<br>&nbsp&nbsp&nbsp&nbsp';

function described({ branch, explanation, blocked, exceptions }: Blockade): string {
  const quoted = (list: Pattern[]) => `[${list.map(({ source }) => JSON.stringify(source)).join(' ')}]`;
  const reason = `Block reason: '${explanation}'${INDENT}Block regexps: ${quoted(blocked)}${INDENT}Exception regexps: ${quoted(exceptions)}<br>`;
  return branch.source === '' ? `<br>${reason}` : `<br>BranchRegexp: '${branch.source}'${INDENT}${reason}`;
}
