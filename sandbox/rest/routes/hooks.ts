import { randomUUID } from 'node:crypto';
import { atLeast } from '../../model/access.ts';
import { queueDelivery } from '../../model/happen.ts';
import { repoByName } from '../../model/lookup.ts';
import type { Hook } from '../../model/records.ts';
import { invalid, notFound } from '../../model/refusal.ts';
import { presentHook } from '../../present/hooks.ts';
import type { Answer, Call, Routes } from '../call.ts';
import { flagOf, NO_CONTENT, needAccount, objectOf, textOf, textsOf } from '../call.ts';
import { paged } from '../page.ts';
import { callerPermission, lacking, orgForAdmin } from '../scope.ts';
import { deliveryRoutes } from './apps.ts';

interface Owner {
  target: 'repository' | 'organization';
  id: number;
  root: string;
}

function repoOwner(call: Call): Owner {
  const { owner = '', repo: name = '' } = call.params;
  const repo = repoByName(call.world, owner, name);
  const permission = repo ? callerPermission(call.world, call.caller, repo) : 'none';
  if (!repo || permission === 'none') throw notFound();
  needAccount(call);
  if (!atLeast(permission, 'admin')) throw lacking(call, 'admin');
  return { target: 'repository', id: repo.id, root: `${call.world.urls.api}/repos/${owner}/${name}` };
}

function orgOwner(call: Call): Owner {
  const { org } = orgForAdmin(call);
  return { target: 'organization', id: org.id, root: `${call.world.urls.api}/orgs/${org.login}` };
}

function hookIn(call: Call, owner: Owner): Hook {
  const hook = call.world.hooks.get(Number(call.params.hook));
  if (!hook || hook.target !== owner.target || hook.targetId !== owner.id) throw notFound();
  return hook;
}

function ping(call: Call, hook: Hook, owner: Owner): void {
  const payload = {
    zen: 'Keep it logically awesome.',
    hook_id: hook.id,
    hook: presentHook(call.world, hook, owner.root),
  };
  queueDelivery(call.world, hook, {
    event: 'ping',
    action: null,
    changeId: null,
    installationId: null,
    repositoryId: owner.target === 'repository' ? owner.id : null,
    guid: randomUUID(),
    redelivery: false,
    body: JSON.stringify(payload),
  });
}

function create(call: Call, owner: Owner): Answer {
  const { world, body } = call;
  const config = objectOf(body, 'config');
  const url = textOf(config, 'url');
  if (!url || !URL.canParse(url)) throw invalid('Hook', 'url', 'custom', 'url is missing or malformed');
  if (world.hooks.in(`${owner.target}/${owner.id}`).some((it) => it.url === url))
    throw invalid('Hook', 'url', 'custom', 'Hook already exists on this repository');
  const now = world.now();
  const hook = world.hooks.put({
    id: world.nextId(),
    target: owner.target,
    targetId: owner.id,
    url,
    secret: textOf(config, 'secret') ?? '',
    contentType: textOf(config, 'content_type') === 'json' ? 'json' : 'form',
    events: textsOf(body, 'events') ?? ['push'],
    active: flagOf(body, 'active') ?? true,
    createdAt: now,
    updatedAt: now,
  });
  ping(call, hook, owner);
  return { status: 201, body: presentHook(world, hook, owner.root) };
}

function edit(call: Call, owner: Owner): Answer {
  const { world, body } = call;
  const hook = hookIn(call, owner);
  const config = objectOf(body, 'config');
  const events = new Set(textsOf(body, 'events') ?? hook.events);
  for (const event of textsOf(body, 'add_events') ?? []) events.add(event);
  for (const event of textsOf(body, 'remove_events') ?? []) events.delete(event);
  hook.events = [...events];
  hook.active = flagOf(body, 'active') ?? hook.active;
  hook.url = textOf(config, 'url') ?? hook.url;
  hook.secret = textOf(config, 'secret') ?? hook.secret;
  const type = textOf(config, 'content_type');
  if (type) hook.contentType = type === 'json' ? 'json' : 'form';
  hook.updatedAt = world.now();
  world.hooks.put(hook);
  return { body: presentHook(world, hook, owner.root) };
}

function routesUnder(root: string, ownerOf: (call: Call) => Owner): Routes {
  return {
    [`GET ${root}/hooks`]: (call) => {
      const owner = ownerOf(call);
      return paged(call, call.world.hooks.in(`${owner.target}/${owner.id}`), (it) =>
        presentHook(call.world, it, owner.root),
      );
    },
    [`POST ${root}/hooks`]: (call) => create(call, ownerOf(call)),
    [`GET ${root}/hooks/:hook`]: (call) => {
      const owner = ownerOf(call);
      return { body: presentHook(call.world, hookIn(call, owner), owner.root) };
    },
    [`PATCH ${root}/hooks/:hook`]: (call) => edit(call, ownerOf(call)),
    [`DELETE ${root}/hooks/:hook`]: (call) => {
      call.world.hooks.drop(hookIn(call, ownerOf(call)));
      return NO_CONTENT;
    },
    [`POST ${root}/hooks/:hook/pings`]: (call) => {
      const owner = ownerOf(call);
      ping(call, hookIn(call, owner), owner);
      return NO_CONTENT;
    },
    ...deliveryRoutes(`${root}/hooks/:hook`, (call) => [hookIn(call, ownerOf(call))]),
  };
}

export const hookRoutes: Routes = {
  ...routesUnder('/repos/:owner/:repo', repoOwner),
  ...routesUnder('/orgs/:org', orgOwner),
};
