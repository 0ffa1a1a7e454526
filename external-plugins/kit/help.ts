import { readBody } from '../../core/hook/body.ts';
import type { Route } from '../../core/hook/router.ts';
import { answer } from '../../core/hook/server.ts';
import { pluginHelp } from '../../core/plugin/help.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import type { ConfigView } from '../../core/plugin/settings.ts';

const MOST_BYTES = 1024 * 1024;

/** POST /help: hook says for which repositories, and gets Prow's JSON (Prow: pkg/pluginhelp/externalplugins). */
export function helpRoute(plugin: Plugin, config: () => ConfigView): Route {
  return {
    path: '/help',
    async handle(request, response) {
      if (request.method !== 'POST') return answer(response, 405, '405 Method not allowed');
      const body = await readBody(request, MOST_BYTES);
      if (typeof body === 'string')
        return answer(response, 400, '400 Bad Request: the list of repositories is missing');
      const repos = reposIn(body.toString('utf8'));
      if (!repos) return answer(response, 400, '400 Bad Request: not a list of {"Org", "Repo"}');
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' });
      response.end(JSON.stringify(pluginHelp(plugin, settingsInWords(plugin, config(), repos))));
    },
  };
}

interface OrgRepo {
  Org: string;
  Repo: string;
}

/** Go writes an empty list as null. */
function reposIn(text: string): OrgRepo[] | undefined {
  try {
    const list: unknown = JSON.parse(text) ?? [];
    return Array.isArray(list) && list.every(isOrgRepo) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isOrgRepo(value: unknown): value is OrgRepo {
  const { Org, Repo } = (value ?? {}) as Partial<OrgRepo>;
  return typeof Org === 'string' && typeof Repo === 'string';
}

function settingsInWords({ config: settings }: Plugin, config: ConfigView, repos: OrgRepo[]): Record<string, string> {
  if (settings?.everywhere) return oneForAll(settings.describe?.(settings.forRepo(config, '', '')));
  const words = repos.map(({ Org, Repo }) => [
    `${Org}/${Repo}`,
    settings?.describe?.(settings.forRepo(config, Org, Repo)) ?? '',
  ]);
  return Object.fromEntries(words.filter(([, text]) => text !== ''));
}

function oneForAll(words = ''): Record<string, string> {
  return words === '' ? {} : { '': words };
}
