import { lazyView } from '../plugin/lazy-view.ts';
import type { Ask, Call, GitHubClient, NamedCall, Port, PortMap, Target } from '../ports/index.ts';
import { type Fact, type Facts, keyOf } from './facts.ts';
import type { AttemptJournal } from './journal.ts';

/** What stands behind the ports of one plugin during one attempt. */
interface Backing {
  client(org: string): Promise<GitHubClient>;
  facts: Facts;
  journal: AttemptJournal;
}

type Ports = Readonly<Record<string, Port>>;

/** Binds ports to a target: plain functions that a plugin calls, with facts shared between plugins and writes in the journal. */
export type Binder = (bound: { at: Target; backing: Backing }) => PortMap;

export function portBinder(ports: Ports): Binder {
  const byName = new Map(Object.values(ports).map((port) => [port.name, port]));
  return lazyView([...byName.keys()], ({ at, backing }, name) => {
    const port = byName.get(name);
    return port && bindPort(port, at, backing);
  });
}

// biome-ignore lint/suspicious/noExplicitAny: a call's arguments come from a plugin and go to the call, and are looked at by neither
type AnyCall = Call<any[], unknown>;
type Named = Pick<NamedCall, 'port' | 'name'> & { call: AnyCall };

function bindPort(port: Port, at: Target, backing: Backing): Record<string, (...args: unknown[]) => Promise<unknown>> {
  const calls = Object.entries(port.calls as unknown as Record<string, AnyCall>);
  return Object.fromEntries(calls.map(([name, call]) => [name, bindCall({ port, name, call }, at, backing)]));
}

function bindCall(named: Named, at: Target, backing: Backing) {
  const { call } = named;
  const { client, facts, journal } = backing;
  return async (...args: unknown[]): Promise<unknown> => {
    const fact = factOf(named, at, args);
    const ask = () => facts.get(fact, () => run(call, at, args, backing));
    if (call.kind === 'read') return ask();
    if (call.kind === 'state') return journal.state(keyOf(fact), ask);
    const { find } = call;
    try {
      const answer = await journal.write(
        keyOf(fact),
        () => run(call, at, args, backing),
        find && (async (since) => find(await client(at.org), at, since, ...args)),
      );
      tell(facts, named, fact, answer);
      return answer;
    } catch (error) {
      // Whether GitHub did it is not known.
      const { changes = {}, forgets = [] } = call;
      facts.forget([`${named.port.name}.`, ...forgets, ...Object.keys(changes)]);
      throw error;
    }
  };
}

/** What a call about a target is called among the facts and in the journal. */
export function factOf({ port, name }: Omit<Named, 'call'>, at: Target, args: unknown[] = []): Fact {
  const number = at.number === undefined || port.ofRepo ? '' : `#${at.number}`;
  return { read: `${port.name}.${name}`, place: `${at.org}/${at.repo}${number}`.toLowerCase(), args };
}

async function run(call: AnyCall, at: Target, args: unknown[], { client, facts }: Backing): Promise<unknown> {
  const gh = await client(at.org);
  if (!call.through) return call.run(gh, at, ...args);
  const ask: Ask = (other, ...its) => facts.get(factOf(other, at, its), () => other.call.run(gh, at, ...its));
  return call.through(ask, gh, at, ...args);
}

/** What a write has done, to what was read before. */
function tell(facts: Facts, { port, call }: Named, { place, args }: Fact, answer: unknown): void {
  const { changes = {}, forgets = [`${port.name}.`] } = call;
  facts.forget(forgets);
  for (const [read, change] of Object.entries(changes))
    facts.change(read, place, (before, of) => change(before as never, { answer, of }, ...args));
}
