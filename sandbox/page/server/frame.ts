import { isPull } from '../../model/lookup.ts';
import type { Chrome, Section, Sidebar } from '../views.ts';
import { personOf, type Reading, repoPath } from './context.ts';
import { pullRows } from './rows.ts';
import { stepsOf } from './steps.ts';

export interface Frame {
  version: number;
  chrome: Chrome;
  sidebar: Sidebar;
}

/** What stands around every page. `current` is the number of the pull request that the page is about. */
export function frameOf(
  reading: Reading,
  page: { section: Section; title: string; path: string; current?: number },
): Frame {
  const { world, repo, actor, people, theme, jobsUrl } = reading;
  const open = world.issues.in(repo.id).filter((issue) => isPull(issue) && issue.state === 'open');
  return {
    version: world.feed.lastId,
    chrome: {
      now: new Date().toISOString(),
      theme,
      actor: actor.login,
      people: people.map((account) => personOf(world, repo, account)),
      section: page.section,
      repo: repoPath(world, repo).slice(1),
      deliveries: world.deliveries.size,
      jobsUrl,
      title: `${page.title} · Cutwater sandbox`,
      path: page.path,
    },
    sidebar: { openCount: open.length, pulls: pullRows(reading, page.current ?? null), steps: stepsOf(reading) },
  };
}
