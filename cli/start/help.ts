import { probotApps } from '../../core/config/sections/probot-apps.ts';
import { externalHelp } from '../../core/external/help.ts';
import type { GitHub } from '../../core/github/github.ts';
import type { Route } from '../../core/hook/router.ts';
import type { Logger } from '../../core/log.ts';
import { allHelp } from '../../core/plugin/all-help.ts';
import type { ConfigView } from '../../core/plugin/settings.ts';
import type { ProbotApps } from '../../core/probot/apps.ts';
import { pluginNameOf } from '../../core/probot/mount.ts';
import { plugins } from '../../plugins/index.ts';

const KEEP_MS = 3_600_000;

export interface HelpRoutesOptions {
  config(): ConfigView;
  github: Pick<GitHub, 'forOrg'>;
  /** Those that are mounted. */
  probotApps: Pick<ProbotApps, 'plugins'>;
  log: Logger;
}

/** GET /plugin-help, in Prow's JSON (Prow: pkg/pluginhelp/hook/hook.go). The repositories of an organisation are remembered for an hour. */
export function helpRoutes({ config, github, probotApps: apps, log }: HelpRoutesOptions): Route[] {
  const known = new Map<string, { at: number; repos: Promise<string[]> }>();

  function reposOf(org: string): Promise<string[]> {
    const before = known.get(org);
    if (before && Date.now() - before.at < KEEP_MS) return before.repos.catch(() => []);
    const repos = listRepos(github, org);
    known.set(org, { at: Date.now(), repos });
    repos.catch(() => known.delete(org));
    return repos.catch(() => []);
  }

  return [
    {
      method: 'GET',
      path: '/plugin-help',
      async handle(_request, response) {
        const now = config();
        const external = await externalHelp({ config: now, reposOf, log });
        const beside = { plugins: apps.plugins(), byRepo: appsByPlace(now) };
        const body = JSON.stringify(await allHelp({ plugins, config: now, reposOf, external, beside }));
        response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' });
        response.end(body);
      },
    },
  ];
}

/** Under the names that they have as plugins. */
function appsByPlace(config: ConfigView): Record<string, string[]> {
  const places = Object.entries(config.get(probotApps)).map(
    ([place, list]) => [place, list.map(({ name }) => pluginNameOf(name))] as const,
  );
  return Object.fromEntries(places);
}

/** Of an organisation, or of a user where there is no organisation of that name. */
async function listRepos(github: Pick<GitHub, 'forOrg'>, org: string): Promise<string[]> {
  const gh = await github.forOrg(org);
  const found = await gh
    .paginate('GET /orgs/{org}/repos', { org, per_page: 100 })
    .catch(() => gh.paginate('GET /users/{username}/repos', { username: org, per_page: 100 }));
  return found.map((repo) => repo.full_name);
}
