import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { CutwaterError } from '../errors.ts';
import { type Credentials, fetchCredentials, readText } from './credentials.ts';
import type { KubeTarget } from './kubeconfig.ts';

interface Agents {
  /** Bounded, so that a burst of work queues here and not in the API server. */
  requests: HttpAgent;
  /** Watches and followed logs, which would fill any bound. */
  streams: HttpAgent;
}

/** The open sockets to one API server, and the credentials that go with them. */
export interface Connection {
  readonly server: string;
  open(): Promise<{ agents: Agents; headers: Credentials['headers'] }>;
  /** Credentials were refused: they are fetched again before the next request. */
  renew(): void;
  /** A connection turned out to be dead: those that stand idle beside it, and died with it perhaps, are not used any more, nor, with `busy`, those in use. */
  distrust(options?: { busy: boolean }): void;
  close(): void;
}

const MAX_SOCKETS = 32;
/**
 * When a connection that says nothing is asked first whether it still stands; with the ten askings of libuv, one a second, a watch over a line that is dead is
 * known to be so after 20 s. Also below the 60 s after which some cloud load balancers forget an idle connection.
 */
const KEEP_ALIVE_MS = 10_000;

/** The connection of `target`. Requests that begin together share the agents: only credentials that have changed make new ones. */
export function connect(target: KubeTarget): Connection {
  let credentials: Promise<Credentials> | undefined;
  let fetched: Credentials | undefined;
  let agents: { identity: string; made: Promise<Agents> } | undefined;

  function current(): Promise<Credentials> {
    if (credentials && (fetched?.expires ?? Number.POSITIVE_INFINITY) > Date.now()) return credentials;
    const fetching = fetchCredentials(target);
    fetched = undefined;
    credentials = fetching;
    fetching.then(
      (done) => {
        fetched = done;
      },
      () => {
        if (credentials === fetching) credentials = undefined;
      },
    );
    return fetching;
  }

  function agentsFor({ cert, key }: Credentials): Promise<Agents> {
    const identity = `${cert}\n${key}`;
    if (agents?.identity === identity) return agents.made;
    destroy();
    const made = openAgents(target, cert, key);
    agents = { identity, made };
    made.catch(() => {
      if (agents?.made === made) agents = undefined;
    });
    return made;
  }

  function destroy(): void {
    agents?.made.then(
      ({ requests, streams }) => {
        requests.destroy();
        streams.destroy();
      },
      () => {},
    );
    agents = undefined;
  }

  return {
    server: target.server,
    async open() {
      const found = await current();
      return { agents: await agentsFor(found), headers: found.headers };
    },
    renew() {
      credentials = undefined;
    },
    distrust({ busy } = { busy: false }) {
      agents?.made.then(
        ({ requests }) => {
          const pools = [requests.freeSockets, ...(busy ? [requests.sockets] : [])];
          for (const socket of pools.flatMap((pool) => Object.values(pool).flat())) socket?.destroy();
        },
        () => {},
      );
    },
    close: destroy,
  };
}

async function openAgents(target: KubeTarget, cert?: string, key?: string): Promise<Agents> {
  const ca = target.caFile ? await readText(target.caFile) : target.ca;
  const common: AgentOptions = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, ...proxy(target) };
  const sizes = { requests: { ...common, maxSockets: MAX_SOCKETS }, streams: common };
  if (target.server.startsWith('http:'))
    return { requests: new HttpAgent(sizes.requests), streams: new HttpAgent(sizes.streams) };
  const tls = {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(target.serverName ? { servername: target.serverName } : {}),
    rejectUnauthorized: !target.skipVerify,
  };
  return {
    requests: new HttpsAgent({ ...sizes.requests, ...tls }),
    streams: new HttpsAgent({ ...sizes.streams, ...tls }),
  };
}

function proxy({ proxyUrl }: KubeTarget): AgentOptions {
  if (!proxyUrl) return {};
  if (!/^https?:/.test(proxyUrl))
    throw new CutwaterError('config', `kubeconfig: proxy-url ${proxyUrl}: only http and https proxies are supported`);
  return { proxyEnv: { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl } };
}
