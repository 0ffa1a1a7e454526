import { z } from 'zod';
import { hasCode } from '../errors.ts';
import { type Bound, port, read, write } from '../ports/port.ts';
import { type RestClient, readAnswer } from './rest.ts';

/** How a pull request or issue appears on an issue of Jira. */
export interface JiraLink {
  url: string;
  title: string;
}

/** An installation of Jira (REST API version 2). */
export interface Jira {
  readonly url: string;
  /** Keys of all projects, such as `ABC`. */
  projects(): Promise<string[]>;
  hasIssue(key: string): Promise<boolean>;
  /** Puts the link on the issue, or brings the one that is there up to date. */
  link(key: string, link: JiraLink): Promise<void>;
}

const Projects = z.array(z.looseObject({ key: z.string() }));
const Links = z.array(z.looseObject({ id: z.number(), object: z.looseObject({ url: z.string(), title: z.string() }) }));

/** New projects are seen after so long; Prow never sees them. */
const PROJECTS_KEPT_MS = 600_000;

export function jiraOver(client: RestClient, now: () => number = Date.now): Jira {
  let known: { at: number; keys: Promise<string[]> } | undefined;
  return {
    url: client.url,
    projects() {
      if (!known || now() - known.at > PROJECTS_KEPT_MS) {
        const keys = client
          .request('GET', '/rest/api/2/project')
          .then((answer) => readAnswer(Projects, answer).map(({ key }) => key));
        known = { at: now(), keys };
        keys.catch(() => {
          known = undefined;
        });
      }
      return known.keys;
    },
    async hasIssue(key) {
      try {
        await client.request('GET', `/rest/api/2/issue/${encodeURIComponent(key)}?fields=id`);
        return true;
      } catch (error) {
        if (hasCode(error, 'not-found')) return false;
        throw error;
      }
    },
    async link(key, { url, title }) {
      const path = `/rest/api/2/issue/${encodeURIComponent(key)}/remotelink`;
      const links = readAnswer(Links, await client.request('GET', path));
      const same = links.find(({ object }) => object.url === url);
      if (same?.object.title === title) return;
      const icon = { url16x16: 'https://github.com/favicon.ico', title: 'GitHub' };
      const body = { ...same, object: { url, title, icon } };
      if (same) await client.request('PUT', `${path}/${same.id}`, body);
      else await client.request('POST', path, body);
    },
  };
}

/** Jira for plugins; without one every call gives `undefined`, or does nothing. */
export function jiraPort(jira: Jira | undefined) {
  return port(
    'jira',
    {},
    {
      url: read(async (): Promise<string | undefined> => jira?.url),
      projects: read(async (): Promise<string[]> => jira?.projects() ?? []),
      hasIssue: read(async (_gh, _at, key: string): Promise<boolean> => jira?.hasIssue(key) ?? false),
      link: write(async (_gh, _at, key: string, link: JiraLink): Promise<void> => jira?.link(key, link)),
    },
  );
}

declare module '../ports/index.ts' {
  interface PortMap {
    jira: Bound<ReturnType<typeof jiraPort>>;
  }
}
