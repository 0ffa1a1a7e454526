import { lazyView } from '../plugin/lazy-view.ts';
import type { Call, GitHubClient, Port, PortMap, Target } from '../ports/index.ts';
import type { Facts } from './facts.ts';
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

type AnyCall = Call<unknown[], unknown>;

function bindPort(port: Port, at: Target, backing: Backing): Record<string, (...args: unknown[]) => Promise<unknown>> {
  const calls = Object.entries(port.calls as unknown as Record<string, AnyCall>);
  return Object.fromEntries(calls.map(([name, call]) => [name, bindCall(port.name, name, call, at, backing)]));
}

function bindCall(port: string, name: string, call: AnyCall, at: Target, { client, facts, journal }: Backing) {
  const place = `${at.org}/${at.repo}${at.number === undefined ? '' : `#${at.number}`}`.toLowerCase();
  const run = async (args: unknown[]) => call.run(await client(at.org), at, ...args);
  return async (...args: unknown[]): Promise<unknown> => {
    const key = `${port}.${name} ${place} ${JSON.stringify(args)}`;
    if (call.kind === 'read') return facts.get(key, () => run(args));
    if (call.kind === 'state') return journal.state(key, () => facts.get(key, () => run(args)));
    const { find } = call;
    try {
      return await journal.write(
        key,
        () => run(args),
        find && (async (since) => find(await client(at.org), at, since, ...args)),
      );
    } finally {
      facts.forget([`${port}.`, ...(call.forgets ?? []).map((read) => `${read} `)]);
    }
  };
}
