import type { Change } from '../../model/changes.ts';
import { accountByLogin } from '../../model/lookup.ts';
import type { Delivery } from '../../model/records.ts';
import type { World } from '../../model/world.ts';
import { count } from '../ui/format.ts';
import type { Cause } from '../views.ts';
import { isBotAccount } from './context.ts';

/** Who made a change: an App's account, or a person. */
export function isBot(world: World, login: string): boolean {
  const account = accountByLogin(world, login);
  return account !== undefined && isBotAccount(world, account);
}

/** The first delivery that a change caused. */
function deliveryOf(world: World, changeId: number): Delivery | undefined {
  return world.deliveries.all().find((delivery) => delivery.changeId === changeId && !delivery.redelivery);
}

/** What one change of a person caused: its delivery, and what bots wrote until the next thing that a person did. */
export function causeOf(
  world: World,
  changes: readonly Change[],
  index: number,
  arrivals: ReadonlyMap<number, number>,
): Cause | null {
  const change = changes[index];
  const delivery = change && deliveryOf(world, change.id);
  if (!change || !delivery) return null;
  const after = changes.slice(index + 1);
  const nextPerson = after.findIndex((later) => isAct(later) && !isBot(world, later.actor));
  const written = after.slice(0, nextPerson < 0 ? undefined : nextPerson).filter((later) => isBot(world, later.actor));
  const began = arrivals.get(change.id);
  const wrote = written[0] && arrivals.get(written[0].id);
  return {
    href: `/-/deliveries/${delivery.id}`,
    guid: delivery.guid,
    queued: delivery.state === 'queued',
    statusCode: delivery.statusCode,
    status: delivery.status,
    durationMs: delivery.durationMs,
    effects: effectsOf(written),
    effectsAfterMs: began === undefined || wrote === undefined ? null : wrote - began,
  };
}

function isAct(change: Change): boolean {
  return !change.kind.startsWith('delivery.');
}

/** "added 2 labels", "set 3 statuses", "wrote 1 comment". */
export function effectsOf(changes: readonly Change[]): string[] {
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind);
  const contexts = new Set(of('status.set').map(({ data }) => data.context));
  const effects: [number, (number: number) => string][] = [
    [of('label.added').length, (number) => `added ${count(number, 'label')}`],
    [of('label.removed').length, (number) => `removed ${count(number, 'label')}`],
    [contexts.size, (number) => `set ${count(number, 'status', 'statuses')}`],
    [of('comment.created').length, (number) => `wrote ${count(number, 'comment')}`],
    [of('comment.deleted').length, (number) => `removed ${count(number, 'comment')}`],
    [of('pull.merged').length, () => 'merged it'],
  ];
  return effects.flatMap(([number, words]) => (number > 0 ? [words(number)] : []));
}
