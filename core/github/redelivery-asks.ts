import { Counter } from 'prom-client';
import { hasCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { KnownHook } from './hook-book.ts';
import type { Octokit } from './octokit.ts';
import type { DeliveryAttempt } from './redelivery-rules.ts';

/** How often one delivery is asked for. */
const MOST_ASKS = 5;
/** How many repositories' deliveries are asked for side by side; those of one repository come one after the other. */
const SIDE_BY_SIDE = 8;

/** Asks GitHub for deliveries again, and minds how often it did. */
export function createAsks({ log, registry }: { log: Logger; registry: Metrics }) {
  const asks = new Map<string, number>();
  const counter = new Counter({
    name: 'cutwater_redeliveries_asked',
    help: 'Deliveries that GitHub was asked for again.',
    registers: [registry],
  });
  const asked = ({ guid }: DeliveryAttempt): number => asks.get(guid) ?? 0;

  /** False where GitHub will not hand this one over, as one that it has just forgotten: the others are asked for all the same. */
  async function ask(octokit: Octokit, hook: KnownHook, attempt: DeliveryAttempt): Promise<boolean> {
    asks.set(attempt.guid, asked(attempt) + 1);
    const fields = { hook: hook.path, 'event-GUID': attempt.guid };
    try {
      await octokit.request(`POST ${hook.path}/deliveries/${attempt.id}/attempts`);
    } catch (error) {
      if (!hasCode(error, 'not-found') && !hasCode(error, 'forbidden')) throw error;
      log.warn({ ...fields, err: error }, 'GitHub does not hand a delivery over again');
      return false;
    }
    counter.inc();
    log.info(fields, 'Asked GitHub for a delivery that had failed');
    return true;
  }

  return {
    /** Whether it has not been asked for too often. */
    mayAsk: (attempt: DeliveryAttempt): boolean => asked(attempt) < MOST_ASKS,
    /** Whether it was asked for as often as it may be, and nobody was told so yet. */
    isVain: (attempt: DeliveryAttempt): boolean => asked(attempt) === MOST_ASKS,
    /** It is in a gap now, which closes it. */
    givenUp: ({ guid }: DeliveryAttempt): void => void asks.set(guid, MOST_ASKS + 1),
    /** Asks for all of them; those that GitHub refuses. */
    async forAll(octokit: Octokit, hook: KnownHook, wanted: DeliveryAttempt[]): Promise<DeliveryAttempt[]> {
      const refused: DeliveryAttempt[] = [];
      const lanes = Map.groupBy(wanted, ({ repository_id }) => repository_id ?? 0);
      await sideBySide([...lanes.values()], async (lane) => {
        for (const attempt of lane) if (!(await ask(octokit, hook, attempt))) refused.push(attempt);
      });
      return refused;
    },
  };
}

async function sideBySide<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}
