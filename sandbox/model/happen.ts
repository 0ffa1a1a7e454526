import { createHmac, randomUUID } from 'node:crypto';
import { presentAccount, presentOrganization } from '../present/accounts.ts';
import { presentRepo } from '../present/repos.ts';
import type { Change, ChangeKind } from './changes.ts';
import { fullName, installationsFor } from './lookup.ts';
import type { Account, Delivery, Hook, Installation, Issue, Repo } from './records.ts';
import type { World } from './world.ts';

/** The webhook that something causes. Repository, organisation, sender and installation are added here. */
export interface Announcement {
  event: string;
  action?: string;
  payload: Record<string, unknown>;
}

export interface Happening {
  kind: ChangeKind;
  actor: Account;
  repo?: Repo;
  org?: Account;
  issues?: readonly Issue[];
  data?: Record<string, unknown>;
  announce?: readonly Announcement[];
}

/** Puts something into the change feed and queues the webhooks that it causes, for whoever has asked for them. */
export function happen(world: World, happening: Happening): Change {
  const { kind, actor, repo, issues = [], data = {} } = happening;
  const change = world.feed.add({
    at: world.now(),
    kind,
    actor: actor.login,
    repo: repo ? fullName(world, repo) : null,
    numbers: issues.map((issue) => issue.number),
    data,
  });
  const owner = repo ? world.accounts.need(repo.ownerId) : happening.org;
  for (const announcement of happening.announce ?? []) deliverToAll(world, change, announcement, actor, owner, repo);
  return change;
}

interface Target {
  hook: Hook;
  installation: Installation | undefined;
}

function deliverToAll(
  world: World,
  change: Change,
  announcement: Announcement,
  actor: Account,
  owner: Account | undefined,
  repo: Repo | undefined,
): void {
  for (const { hook, installation } of targets(world, owner, repo)) {
    if (!hook.active || !(hook.events.includes('*') || hook.events.includes(announcement.event))) continue;
    const payload = {
      ...(announcement.action ? { action: announcement.action } : {}),
      ...(repo ? { repository: presentRepo(world, repo) } : {}),
      ...announcement.payload,
      ...(owner?.type === 'Organization' ? { organization: presentOrganization(world, owner) } : {}),
      sender: presentAccount(world, actor),
      ...(installation
        ? { installation: { id: installation.id, node_id: `MDIzOkluc3RhbGxhdGlvbg${installation.id}` } }
        : {}),
    };
    queueDelivery(world, hook, {
      event: announcement.event,
      action: announcement.action ?? null,
      changeId: change.id,
      installationId: installation?.id ?? null,
      repositoryId: repo?.id ?? null,
      guid: randomUUID(),
      redelivery: false,
      body: JSON.stringify(payload),
    });
  }
}

function targets(world: World, owner: Account | undefined, repo: Repo | undefined): Target[] {
  const found: Target[] = [];
  for (const { app, installation } of owner ? installationsFor(world, owner) : []) {
    for (const hook of world.hooks.in(`integration/${app.id}`)) found.push({ hook, installation });
  }
  for (const hook of owner ? world.hooks.in(`organization/${owner.id}`) : [])
    found.push({ hook, installation: undefined });
  for (const hook of repo ? world.hooks.in(`repository/${repo.id}`) : []) found.push({ hook, installation: undefined });
  return found;
}

type NewDelivery = Pick<
  Delivery,
  'event' | 'action' | 'changeId' | 'installationId' | 'repositoryId' | 'guid' | 'redelivery' | 'body'
>;

const DELIVERIES_KEPT = 2000;

/** Signs a delivery, stores it and hands it to the sender. Form-encoded hooks carry the JSON in `payload=`. */
export function queueDelivery(world: World, hook: Hook, parts: NewDelivery): Delivery {
  const body =
    hook.contentType === 'form' && !parts.redelivery ? `payload=${encodeURIComponent(parts.body)}` : parts.body;
  const delivery = world.deliveries.put({
    ...parts,
    body,
    id: world.nextId(),
    hookId: hook.id,
    state: 'queued',
    status: '',
    statusCode: 0,
    durationMs: 0,
    deliveredAt: world.now(),
    requestHeaders: headersOf(hook, parts.event, parts.guid, body),
    responseHeaders: {},
    responseBody: '',
  });
  const oldest = world.deliveries.size > DELIVERIES_KEPT ? world.deliveries.first() : undefined;
  if (oldest) world.deliveries.drop(oldest);
  world.onDelivery(delivery);
  return delivery;
}

function headersOf(hook: Hook, event: string, guid: string, body: string): Record<string, string> {
  const sign = (algorithm: string) => `${algorithm}=${createHmac(algorithm, hook.secret).update(body).digest('hex')}`;
  return {
    Accept: '*/*',
    'Content-Type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'User-Agent': 'GitHub-Hookshot/sandbox',
    'X-GitHub-Delivery': guid,
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': String(hook.id),
    'X-GitHub-Hook-Installation-Target-ID': String(hook.targetId),
    'X-GitHub-Hook-Installation-Target-Type': hook.target,
    ...(hook.secret ? { 'X-Hub-Signature': sign('sha1'), 'X-Hub-Signature-256': sign('sha256') } : {}),
  };
}
