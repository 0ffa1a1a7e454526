import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { preparedBranches } from '../../model/actions/index.ts';
import type { Delivery } from '../../model/records.ts';
import type { ConfigurationView, DeliveriesView, DeliveryView, ListView, MessageView, OpenPullView } from '../views.ts';
import { type Reading, repoPath, roleOf, shownLogin } from './context.ts';
import { frameOf } from './frame.ts';
import { deliveryRow, labelViews, stateOf } from './rows.ts';

const DELIVERIES_A_PAGE = 50;
const LONGEST_BODY = 200_000;

/** All pull requests, or all issues, newest first. */
export function listView(reading: Reading, what: ListView['what']): ListView {
  const { world, repo } = reading;
  const home = repoPath(world, repo);
  const issues = world.issues.in(repo.id).filter(({ pull }) => (pull !== undefined) === (what === 'pulls'));
  return {
    ...frameOf(reading, {
      section: what,
      title: what === 'pulls' ? 'Pull requests' : 'Issues',
      path: `${home}/${what}`,
    }),
    kind: 'list',
    what,
    rows: issues
      .sort((one, other) => other.number - one.number)
      .map((issue) => ({
        number: issue.number,
        title: issue.title,
        author: shownLogin(world.accounts.need(issue.authorId)),
        state: stateOf(issue),
        at: issue.createdAt,
        labels: labelViews(world, issue),
        href: `${home}/${what === 'pulls' ? 'pull' : 'issues'}/${issue.number}`,
        comments: world.comments.in(issue.id).length,
      })),
  };
}

/** Deliveries from the newest on, or those older than the one named. */
export function deliveriesView(reading: Reading, before: number | null): DeliveriesView {
  const { world } = reading;
  const all = world.deliveries.all().reverse();
  const rows = (before === null ? all : all.filter(({ id }) => id < before)).slice(0, DELIVERIES_A_PAGE + 1);
  const last = rows.length > DELIVERIES_A_PAGE ? rows[DELIVERIES_A_PAGE - 1] : undefined;
  const path = before === null ? '/-/deliveries' : `/-/deliveries?before=${before}`;
  return {
    ...frameOf(reading, { section: 'deliveries', title: 'Deliveries', path }),
    kind: 'deliveries',
    rows: rows.slice(0, DELIVERIES_A_PAGE).map(deliveryRow),
    olderHref: last ? `/-/deliveries?before=${last.id}` : null,
    total: world.deliveries.size,
  };
}

export function deliveryView(reading: Reading, delivery: Delivery): DeliveryView {
  const { world } = reading;
  return {
    ...frameOf(reading, {
      section: 'deliveries',
      title: `${delivery.event} ${delivery.guid.slice(0, 8)}`,
      path: `/-/deliveries/${delivery.id}`,
    }),
    kind: 'delivery',
    delivery: {
      ...deliveryRow(delivery),
      url: world.hooks.get(delivery.hookId)?.url ?? 'a webhook that is gone',
      requestHeaders: Object.entries(delivery.requestHeaders),
      requestBody: readable(delivery.body),
      responseHeaders: Object.entries(delivery.responseHeaders),
      responseBody: readable(delivery.responseBody),
    },
  };
}

/** JSON set out for reading, cut where it is very long. */
function readable(body: string): string {
  let text = body;
  try {
    text = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON: it stands as it came.
  }
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}\n… cut here` : text;
}

export async function configurationView(reading: Reading, files: readonly string[]): Promise<ConfigurationView> {
  const { world, repo, people } = reading;
  return {
    ...frameOf(reading, { section: 'configuration', title: 'Configuration', path: '/-/configuration' }),
    kind: 'configuration',
    hooks: world.hooks.all().map(({ url, events, active }) => ({
      url,
      events: events.includes('*') ? ['every event'] : events,
      active,
    })),
    people: [...people, ...world.accounts.all().filter(({ type }) => type === 'Bot')].map((account) => ({
      login: account.login,
      role: roleOf(world, repo, account),
      detail: account.type === 'Bot' ? 'the App that answers here' : (account.name ?? ''),
    })),
    files: await Promise.all(files.map(readConfig)),
  };
}

async function readConfig(path: string): Promise<ConfigurationView['files'][number]> {
  try {
    return { name: basename(path), text: await readFile(path, 'utf8'), problem: null };
  } catch (error) {
    return { name: basename(path), text: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

export function openPullView(reading: Reading, problem: string | null): OpenPullView {
  const { world, repo } = reading;
  return {
    ...frameOf(reading, {
      section: 'pulls',
      title: 'Open a pull request',
      path: `${repoPath(world, repo)}/compare`,
    }),
    kind: 'open-pull',
    branches: preparedBranches(world, repo).map(({ id, title, body, branch, login }) => ({
      id,
      title,
      body,
      branch,
      login,
    })),
    problem,
  };
}

export function messageView(reading: Reading, heading: string, words: string): MessageView {
  const href = `${repoPath(reading.world, reading.repo)}/pulls`;
  return {
    ...frameOf(reading, { section: 'pulls', title: heading, path: href }),
    kind: 'message',
    heading,
    words,
    href,
    link: 'All pull requests',
  };
}
