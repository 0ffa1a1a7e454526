import { z } from 'zod';
import { hasCode, messageOf } from '../errors.ts';
import { type GitHubClient, issueOf, port, pullOf, read, state, statusOf, type Target, write } from './port.ts';

/** A project board or one of its columns. */
export interface Named {
  id: number;
  name: string;
}

export interface Card {
  id: number;
  /** API address of the issue that it shows, for pull requests too; "" for a note. */
  contentUrl: string;
}

const Named = z.array(z.object({ id: z.number(), name: z.string() }));
const Cards = z.array(z.object({ id: z.number(), content_url: z.string().default('') }));
const Repos = z.array(z.object({ name: z.string(), has_projects: z.boolean().default(true) }));

/** Enterprise hosts show classic projects only to those who ask for this format; Octokit's types have forgotten the routes. */
const headers = { accept: 'application/vnd.github.inertia-preview+json' };

async function all<T extends z.ZodType>(
  gh: GitHubClient,
  schema: T,
  route: string,
  parameters: Record<string, unknown>,
): Promise<z.output<T>> {
  return schema.parse(await gh.paginate(route, { headers, ...parameters, per_page: 100 }));
}

/** `undefined` where GitHub has no classic projects: 404 where they are no more, 410 where they are switched off. */
async function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    throw error;
  }
}

/** The number under which GitHub keeps the issue or pull request itself, which is not the one that people see. */
async function contentOf(gh: GitHubClient, at: Target, isPull: boolean) {
  const { data } = isPull
    ? await gh.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', pullOf(at))
    : await gh.request('GET /repos/{owner}/{repo}/issues/{issue_number}', issueOf(at));
  return { content_id: data.id, content_type: isPull ? 'PullRequest' : 'Issue' };
}

/**
 * Classic project boards, which GitHub Enterprise Server has and github.com had until 2025 (Prow: pkg/github/client.go, GetRepoProjects and its kin).
 * An App needs `repository_projects` and `organization_projects` there; app.yml asks for neither, since on github.com they would be for nothing.
 */
export const projects = port(
  'projects',
  {},
  {
    ofRepo: read((gh, at, repo: string): Promise<Named[] | undefined> => {
      return orNone(all(gh, Named, 'GET /repos/{owner}/{repo}/projects', { owner: at.org, repo }));
    }),
    ofOrg: read((gh, _at, org: string): Promise<Named[] | undefined> => {
      return orNone(all(gh, Named, 'GET /orgs/{org}/projects', { org }));
    }),
    /** The organisation's repositories that have boards switched on. */
    repos: read(async (gh, _at, org: string): Promise<string[]> => {
      const found = await all(gh, Repos, 'GET /orgs/{org}/repos', { org });
      return found.filter(({ has_projects }) => has_projects).map(({ name }) => name);
    }),
    columns: read((gh, _at, board: number): Promise<Named[]> => {
      return all(gh, Named, 'GET /projects/{project_id}/columns', { project_id: board });
    }),
    cards: state(async (gh, _at, column: number): Promise<Card[]> => {
      const found = await all(gh, Cards, 'GET /projects/columns/{column_id}/cards', { column_id: column });
      return found.map(({ id, content_url }) => ({ id, contentUrl: content_url }));
    }),
    /** Puts this issue or pull request on the board; one that is there already stays where it is. */
    add: write(async (gh, at, column: number, isPull: boolean): Promise<void> => {
      const content = await contentOf(gh, at, isPull);
      const route = 'POST /projects/columns/{column_id}/cards';
      try {
        await gh.request(route, { headers, column_id: column, ...content });
      } catch (error) {
        if (statusOf(error) !== 422 || !messageOf(error).includes('already')) throw error;
      }
    }),
    move: write(async (gh, _at, card: number, column: number): Promise<void> => {
      const route = 'POST /projects/columns/cards/{card_id}/moves';
      await gh.request(route, { headers, card_id: card, position: 'top', column_id: column });
    }),
    remove: write(async (gh, _at, card: number): Promise<void> => {
      await orNone(gh.request('DELETE /projects/columns/cards/{card_id}', { headers, card_id: card }));
    }),
  },
);
