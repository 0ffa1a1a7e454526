import type { ApiRequest } from './api-request.ts';
import { type Resource, resourceOf } from './resource.ts';

/** The last hour, in slots: old ones fall off one by one. */
const SLOT_MS = 300_000;
const SLOTS = 12;
/** How far back the pace is taken from. */
const PACE_SLOTS = 2;
/** Of repositories beyond these, the figures stand together. */
const MOST_LINES = 5000;

/** What somebody spent within the last hour. */
export interface Spent {
  account: string;
  resource: Resource;
  plugin: string;
  repo: string;
  /** Requests that count against GitHub's limit. */
  counted: number;
  /** Answers that had not changed, which cost nothing. */
  free: number;
}

/** Who spends what of GitHub's budget: the last hour, kept in memory. */
export interface Ledger {
  record(request: ApiRequest, free: boolean): void;
  spent(): Spent[];
  /** Requests a minute that count, over the last minutes. */
  pace(account: string, resource: Resource): number;
}

export function createLedger(now: () => number = Date.now): Ledger {
  const began = now();
  /** By number of the slot, then by line. */
  const slots = new Map<number, Map<string, Spent>>();
  const current = (): number => Math.floor(now() / SLOT_MS);

  function slotNow(): Map<string, Spent> {
    const slot = slots.get(current()) ?? new Map<string, Spent>();
    slots.set(current(), slot);
    for (const number of slots.keys()) if (number <= current() - SLOTS) slots.delete(number);
    return slot;
  }

  const recent = (count: number): Spent[] =>
    [...slots].flatMap(([number, slot]) => (number > current() - count ? [...slot.values()] : []));

  return {
    record(request, free) {
      const slot = slotNow();
      const { plugin, repo } = request.spender;
      const line = { account: request.account, resource: resourceOf(request), plugin, repo };
      const key = keyOf(line);
      const full = slot.size >= MOST_LINES && !slot.has(key);
      add(slot, full ? { ...line, repo: '(others)' } : line, free ? 0 : 1, free ? 1 : 0);
    },
    spent() {
      const all = new Map<string, Spent>();
      for (const { counted, free, ...line } of recent(SLOTS)) add(all, line, counted, free);
      return [...all.values()].sort((a, b) => b.counted - a.counted || b.free - a.free);
    },
    pace(account, resource) {
      const mine = recent(PACE_SLOTS).filter((line) => line.account === account && line.resource === resource);
      const since = Math.max(began, (current() - PACE_SLOTS + 1) * SLOT_MS);
      const minutes = Math.max(1, (now() - since) / 60_000);
      return mine.reduce((sum, { counted }) => sum + counted, 0) / minutes;
    },
  };
}

type Line = Omit<Spent, 'counted' | 'free'>;

const keyOf = ({ account, resource, plugin, repo }: Line): string => `${account} ${resource} ${plugin} ${repo}`;

function add(lines: Map<string, Spent>, line: Line, counted: number, free: number): void {
  const key = keyOf(line);
  const before = lines.get(key) ?? { ...line, counted: 0, free: 0 };
  lines.set(key, { ...before, counted: before.counted + counted, free: before.free + free });
}
