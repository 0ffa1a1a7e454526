import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';
import { atLeast } from '../model/access.ts';
import { refsMoved } from '../model/actions/pushes.ts';
import { gitDir, repoByName } from '../model/lookup.ts';
import type { Account, Repo } from '../model/records.ts';
import { Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import { authenticate } from '../rest/auth.ts';
import type { Caller } from '../rest/call.ts';
import { callerPermission } from '../rest/scope.ts';
import { listRefs, ZERO } from './refs.ts';
import { gitEnvironment } from './run.ts';

type Service = 'git-upload-pack' | 'git-receive-pack';

interface GitRequest {
  owner: string;
  name: string;
  service: Service;
  advertise: boolean;
}

/** Recognises git's smart HTTP requests, by their path and, for `info/refs`, the service asked for. */
export function parseGitRequest(method: string, url: URL): GitRequest | undefined {
  const match = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(url.pathname);
  if (!match) return undefined;
  const [, owner = '', name = '', tail = ''] = match;
  const advertise = tail === 'info/refs';
  const service = advertise ? url.searchParams.get('service') : tail;
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') return undefined;
  if (method !== (advertise ? 'GET' : 'POST')) return undefined;
  return { owner, name, service, advertise };
}

/** Answers one git request with git's own upload-pack or receive-pack. */
export async function serveGit(
  world: World,
  git: GitRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const caller = callerOf(world, request);
  const repo = repoByName(world, git.owner, git.name);
  const writing = git.service === 'git-receive-pack';
  const permission = repo && caller ? callerPermission(world, caller, repo) : 'none';
  if (!caller || (caller.kind === 'anonymous' && (writing || permission === 'none'))) return askForToken(response);
  if (!repo || permission === 'none') return refuse(response, 404, 'Repository not found.');
  if (writing && repo.archived) return refuse(response, 403, 'This repository was archived so it is read-only.');
  if (writing && !atLeast(permission, 'write'))
    return refuse(response, 403, `Permission to ${git.owner}/${git.name}.git denied to ${caller.account?.login}.`);
  if (git.advertise) return advertise(world, repo, git.service, request, response);
  if (!writing || !caller.account) return runService(world, repo, git.service, request, response);
  await push(world, repo, caller.account, request, response);
}

function callerOf(world: World, request: IncomingMessage): Caller | undefined {
  try {
    return authenticate(world, request.headers.authorization);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function askForToken(response: ServerResponse): void {
  response
    .writeHead(401, { 'WWW-Authenticate': 'Basic realm="sandbox"', 'Content-Type': 'text/plain' })
    .end('Authentication needed.\n');
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${message}\n`);
}

const HIDDEN = ['-c', 'receive.hideRefs=refs/pull', '-c', 'transfer.hideRefs=refs/prepared'];

function start(world: World, repo: Repo, service: Service, request: IncomingMessage, ...args: string[]) {
  const protocol = request.headers['git-protocol'];
  const env = gitEnvironment(
    typeof protocol === 'string' && /^[\w=:.]+$/.test(protocol) ? { GIT_PROTOCOL: protocol } : {},
  );
  const command = [...HIDDEN, service.slice(4), '--stateless-rpc', ...args, gitDir(world, repo)];
  const child = spawn('git', command, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  return child;
}

function head(response: ServerResponse, service: Service, kind: 'advertisement' | 'result'): void {
  response.writeHead(200, { 'Content-Type': `application/x-${service}-${kind}`, 'Cache-Control': 'no-cache' });
}

function advertise(
  world: World,
  repo: Repo,
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const child = start(world, repo, service, request, '--advertise-refs');
  head(response, service, 'advertisement');
  const line = `# service=${service}\n`;
  response.write(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`);
  child.stdin.end();
  child.stdout.pipe(response);
  response.on('close', () => child.kill());
}

function runService(
  world: World,
  repo: Repo,
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = start(world, repo, service, request);
    head(response, service, 'result');
    const input = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
    input.on('error', () => child.kill());
    input.pipe(child.stdin);
    child.stdout.pipe(response, { end: service === 'git-upload-pack' });
    response.on('close', () => child.kill());
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

/** Takes a push and tells what it moved before the pusher is let go, so that a test sees the webhooks' cause in order. */
async function push(
  world: World,
  repo: Repo,
  actor: Account,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const before = await snapshot(world, repo);
  await runService(world, repo, 'git-receive-pack', request, response);
  const after = await snapshot(world, repo);
  const names = new Set([...before.keys(), ...after.keys()]);
  const updates = [...names].map((ref) => ({ ref, before: before.get(ref) ?? ZERO, after: after.get(ref) ?? ZERO }));
  await refsMoved(world, actor, repo, updates);
  world.flush();
  response.end();
}

async function snapshot(world: World, repo: Repo): Promise<Map<string, string>> {
  return new Map((await listRefs(gitDir(world, repo))).map((it) => [it.ref, it.sha]));
}
