import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from './index.ts';
import { accountByLogin, pullByNumber, repoByName } from './model/lookup.ts';
import type { Account, PullIssue, Repo } from './model/records.ts';

/** A webhook as a receiver got it. */
export interface Received {
  event: string;
  action: string | undefined;
  payload: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  signed: boolean;
}

export interface TestSandbox extends Sandbox {
  received: Received[];
  /** Asks the REST API as someone; gives status, headers and the parsed body. */
  ask(
    login: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Asked>;
  /** Asks GraphQL as someone. */
  query(login: string, query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>;
  person(login: string): Account;
  repo: Repo;
  pull(number: number): PullIssue;
}

interface Asked {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read JSON of many shapes
  body: any;
}

const SECRET = 'a secret of tests';

/** A sandbox at a free port over a folder of its own, with a receiver for its webhooks. `stop` ends both and removes the folder. */
export async function startTestSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<{ sandbox: TestSandbox; stop: () => Promise<void> }> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'sandbox-'));
  const received: Received[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push(read(body, request.headers));
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const sandbox = await startSandbox({ port: 0, webhookUrl, hmacSecret: SECRET, ...options, dataDir });
  const stop = async () => {
    await sandbox.close();
    receiver.closeAllConnections();
    await new Promise<void>((resolve) => receiver.close(() => resolve()));
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { sandbox: withHelpers(sandbox, received), stop };
}

function read(body: Buffer, headers: IncomingHttpHeaders): Received {
  const payload = JSON.parse(body.toString());
  const wanted = Buffer.from(`sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`);
  const given = Buffer.from(String(headers['x-hub-signature-256'] ?? ''));
  const signed = wanted.length === given.length && timingSafeEqual(wanted, given);
  return { event: String(headers['x-github-event']), action: payload.action, payload, headers, signed };
}

function withHelpers(sandbox: Sandbox, received: Received[]): TestSandbox {
  const repo = () => found(repoByName(sandbox.world, 'acme', 'widgets'));
  const authorization = (login: string | null): Record<string, string> =>
    login ? { Authorization: `token ${sandbox.tokens.people[login]}` } : {};
  return {
    ...sandbox,
    received,
    get repo() {
      return repo();
    },
    person: (login) => found(accountByLogin(sandbox.world, login)),
    pull: (number) => found(pullByNumber(sandbox.world, repo(), number)),
    async ask(login, method, path, body, headers = {}) {
      const init = { method, headers: { ...authorization(login), ...headers }, redirect: 'manual' as const };
      const response = await fetch(
        `${sandbox.apiUrl}${path}`,
        body === undefined ? init : { ...init, body: JSON.stringify(body) },
      );
      const text = await response.text();
      const json = text !== '' && (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    },
    async query(login, query, variables = {}) {
      const body = JSON.stringify({ query, variables });
      const response = await fetch(sandbox.graphqlUrl, { method: 'POST', headers: authorization(login), body });
      return (await response.json()) as Record<string, unknown>;
    },
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
