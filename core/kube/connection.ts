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
  close(): void;
}

const MAX_SOCKETS = 32;
/** Below the 60 s after which some cloud load balancers forget an idle connection, as client-go has it. */
const KEEP_ALIVE_MS = 30_000;

export function connect(target: KubeTarget): Connection {
  let credentials: Promise<Credentials> | undefined;
  let fetched: Credentials | undefined;
  let agents: Agents | undefined;
  let identity: string | undefined;

  async function current(): Promise<Credentials> {
    if (!credentials || (fetched?.expires ?? Number.POSITIVE_INFINITY) <= Date.now()) {
      fetched = undefined;
      credentials = fetchCredentials(target);
      credentials.then(
        (done) => {
          fetched = done;
        },
        () => {
          credentials = undefined;
        },
      );
    }
    return credentials;
  }

  return {
    server: target.server,
    async open() {
      const { headers, cert, key } = await current();
      const certificates = `${cert}\n${key}`;
      if (!agents || identity !== certificates) {
        const opened = openAgents(target, cert, key, target.caFile ? await readText(target.caFile) : target.ca);
        agents?.requests.destroy();
        agents?.streams.destroy();
        agents = opened;
        identity = certificates;
      }
      return { agents, headers };
    },
    renew() {
      credentials = undefined;
      fetched = undefined;
    },
    close() {
      agents?.requests.destroy();
      agents?.streams.destroy();
      agents = undefined;
    },
  };
}

function openAgents(target: KubeTarget, cert?: string, key?: string, ca?: string): Agents {
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
