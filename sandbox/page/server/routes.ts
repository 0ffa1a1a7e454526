import { issueByNumber, pullByNumber } from '../../model/lookup.ts';
import type { PullView, View } from '../views.ts';
import type { Reading } from './context.ts';
import { configurationView, deliveriesView, deliveryView, listView, messageView, openPullView } from './list-views.ts';
import { issueView, pullView } from './pull-view.ts';

/** A page's address taken apart: below `/-/`, or below `/owner/name`. */
export interface Place {
  owner: string | null;
  name: string | null;
  /** What follows: `['pull', '42', 'files']`. */
  parts: string[];
  query: URLSearchParams;
}

/** Null where the address can not be one of ours. */
export function placeOf(address: string): Place | null {
  if (!URL.canParse(address, 'http://sandbox')) return null;
  const url = new URL(address, 'http://sandbox');
  const parts = url.pathname.split('/').slice(1).map(decoded);
  if (parts.at(-1) === '') parts.pop();
  if (parts[0] === '-') return { owner: null, name: null, parts: parts.slice(1), query: url.searchParams };
  const [owner, name, ...rest] = parts;
  if (owner === undefined || name === undefined) return null;
  return { owner, name, parts: rest, query: url.searchParams };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const TABS: Record<string, PullView['tab']> = { commits: 'commits', files: 'files', try: 'try' };

/** The page of a place; undefined where there is no such kind of page, a message where the thing itself is missing. */
export async function viewOf(
  reading: Reading,
  place: Place,
  configFiles: readonly string[],
): Promise<View | undefined> {
  const { parts, query } = place;
  return place.owner === null ? ownPage(reading, parts, query, configFiles) : repoPage(reading, parts, query);
}

async function ownPage(
  reading: Reading,
  [section, id, ...more]: string[],
  query: URLSearchParams,
  configFiles: readonly string[],
): Promise<View | undefined> {
  if (more.length > 0) return undefined;
  if (section === 'configuration' && id === undefined) return configurationView(reading, configFiles);
  if (section !== 'deliveries') return undefined;
  if (id === undefined) return deliveriesView(reading, numberOf(query.get('before')));
  const delivery = reading.world.deliveries.get(numberOf(id));
  if (delivery) return deliveryView(reading, delivery);
  return messageView(reading, 'No such delivery', `Delivery ${id} was not sent from here, or is no longer kept.`);
}

async function repoPage(
  reading: Reading,
  [section, id, tab, ...more]: string[],
  query: URLSearchParams,
): Promise<View | undefined> {
  if (more.length > 0) return undefined;
  if (section === undefined) return listView(reading, 'pulls');
  if ((section === 'pulls' || section === 'issues') && id === undefined) return listView(reading, section);
  if (section === 'compare') return openPullView(reading, null);
  const number = numberOf(id);
  if (section === 'pull' && id !== undefined) return pullPage(reading, number, tab, query.get('say'));
  if (section !== 'issues' || tab !== undefined) return undefined;
  const issue = number === null ? undefined : issueByNumber(reading.world, reading.repo, number);
  if (issue && !issue.pull) return issueView(reading, issue, query.get('say'));
  return messageView(reading, 'No such issue', `There is no issue #${id} in this repository.`);
}

async function pullPage(
  reading: Reading,
  number: number | null,
  tab: string | undefined,
  say: string | null,
): Promise<View | undefined> {
  const shown = tab === undefined ? 'conversation' : TABS[tab];
  if (!shown) return undefined;
  const issue = number === null ? undefined : pullByNumber(reading.world, reading.repo, number);
  if (issue) return pullView(reading, issue, shown, say);
  return messageView(reading, 'No such pull request', `There is no pull request #${number} in this repository.`);
}

export function numberOf(text: string | null | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
