import { randomBytes } from 'node:crypto';
import { queueDelivery } from '../../model/happen.ts';
import { accountByLogin, repoByName } from '../../model/lookup.ts';
import type { Account, App, Delivery, Hook, Installation, Repo } from '../../model/records.ts';
import { notFound, Refusal } from '../../model/refusal.ts';
import type { World } from '../../model/world.ts';
import { presentApp, presentInstallation } from '../../present/apps.ts';
import { presentDelivery, presentFullDelivery } from '../../present/hooks.ts';
import { presentFullRepo } from '../../present/repos.ts';
import { claimManifest } from '../../seed/manifest.ts';
import type { Answer, Body, Call, Routes } from '../call.ts';
import { textOf } from '../call.ts';
import { paged } from '../page.ts';
import { visibleRepos } from './repos.ts';

const TOKEN_MS = 3_600_000;

function needApp(call: Call): App {
  const { app, kind } = call.caller;
  if (kind === 'app' && app) return app;
  throw new Refusal(401, 'A JSON web token could not be decoded');
}

function installationIn(call: Call): Installation {
  const app = needApp(call);
  const found = call.world.installations.get(Number(call.params.id));
  if (!found || found.appId !== app.id) throw notFound();
  return found;
}

function installationOf(call: Call, account: Account | undefined): Answer {
  const app = needApp(call);
  const found = call.world.installations.all().find((it) => it.appId === app.id && it.accountId === account?.id);
  if (!found) throw notFound();
  return { body: presentInstallation(call.world, found) };
}

function reposOf(world: World, { accountId, repoIds }: Installation): Repo[] {
  return world.repos.all().filter((it) => it.ownerId === accountId && (!repoIds || repoIds.includes(it.id)));
}

function createToken(call: Call): Answer {
  const { world, body } = call;
  const installation = installationIn(call);
  if (installation.suspended) throw new Refusal(403, 'This installation has been suspended');
  const app = world.apps.need(installation.appId);
  const names = body.repositories;
  const ids = body.repository_ids;
  const own = reposOf(world, installation);
  const chosen = Array.isArray(ids)
    ? own.filter((it) => ids.includes(it.id))
    : Array.isArray(names)
      ? own.filter((it) => names.includes(it.name))
      : undefined;
  const wanted = Array.isArray(ids) ? ids.length : Array.isArray(names) ? names.length : 0;
  if (chosen && chosen.length < wanted)
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  const token = world.tokens.put({
    id: world.nextId(),
    value: `ghs_${randomBytes(18).toString('hex')}`,
    accountId: app.botId,
    installationId: installation.id,
    repoIds: chosen?.map((it) => it.id) ?? installation.repoIds ?? null,
    expiresAt: new Date(Date.now() + TOKEN_MS).toISOString(),
  });
  for (const old of world.tokens.all())
    if (old.expiresAt && Date.parse(old.expiresAt) < Date.now()) world.tokens.drop(old);
  return {
    status: 201,
    body: {
      token: token.value,
      expires_at: token.expiresAt,
      permissions: installation.permissions ?? app.permissions,
      repository_selection: chosen ? 'selected' : 'all',
      ...(chosen ? { repositories: chosen.map((it) => presentFullRepo(world, it, 'admin')) } : {}),
    },
  };
}

function installationRepos(call: Call): Answer {
  const { installation, repoIds } = call.caller;
  if (!installation)
    throw new Refusal(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  const list = visibleRepos(
    call,
    (it) => it.ownerId === installation.accountId && (!repoIds || repoIds.includes(it.id)),
  );
  return paged(
    call,
    list,
    (it) => presentFullRepo(call.world, it, 'admin'),
    (repositories) => ({ total_count: list.length, repository_selection: repoIds ? 'selected' : 'all', repositories }),
  );
}

/** Deliveries are paged by a cursor, newest first; `status=failure` leaves those that failed. */
function listDeliveries(call: Call, hooks: readonly Hook[]): Answer {
  const { world, query } = call;
  const perPage = Math.min(Number(query.get('per_page') ?? 30) || 30, 100);
  const cursor = Number(query.get('cursor')?.replace(/^v1_/, '') ?? Number.POSITIVE_INFINITY);
  const wanted = query.get('status');
  const all = hooks
    .flatMap((hook) => world.deliveries.in(hook.id))
    .filter((it) => it.state === 'done' && it.id < cursor)
    .filter((it) => !wanted || (it.status === 'OK') === (wanted === 'success'))
    .sort((a, b) => b.id - a.id);
  const items = all.slice(0, perPage);
  const next = new URLSearchParams(query);
  next.set('cursor', `v1_${items.at(-1)?.id ?? 0}`);
  const link = all.length > perPage ? { Link: `<${world.urls.api}${call.path}?${next}>; rel="next"` } : {};
  return { body: items.map((it) => presentDelivery(it)), headers: link };
}

function deliveryIn(call: Call, hooks: readonly Hook[]): Delivery {
  const found = call.world.deliveries.get(Number(call.params.delivery));
  if (!found || !hooks.some((hook) => hook.id === found.hookId)) throw notFound();
  return found;
}

/** Sends the same bytes again under the same delivery id, as GitHub does. */
function redeliver(call: Call, delivery: Delivery): Answer {
  const hook = call.world.hooks.need(delivery.hookId);
  const { event, action, changeId, installationId, repositoryId, guid, body } = delivery;
  queueDelivery(call.world, hook, {
    event,
    action,
    changeId,
    installationId,
    repositoryId,
    guid,
    body,
    redelivery: true,
  });
  return { status: 202, body: {} };
}

export function deliveryRoutes(root: string, hooksOf: (call: Call) => readonly Hook[]): Routes {
  return {
    [`GET ${root}/deliveries`]: (call) => listDeliveries(call, hooksOf(call)),
    [`GET ${root}/deliveries/:delivery`]: (call) => ({ body: presentFullDelivery(deliveryIn(call, hooksOf(call))) }),
    [`POST ${root}/deliveries/:delivery/attempts`]: (call) => redeliver(call, deliveryIn(call, hooksOf(call))),
  };
}

function appHook(call: Call): Hook {
  const [hook] = call.world.hooks.in(`integration/${needApp(call).id}`);
  if (!hook) throw notFound();
  return hook;
}

function hookConfig(hook: Hook): Body {
  return {
    content_type: hook.contentType,
    insecure_ssl: '0',
    url: hook.url,
    ...(hook.secret ? { secret: '********' } : {}),
  };
}

function setHookConfig(call: Call): Answer {
  const hook = appHook(call);
  hook.url = textOf(call.body, 'url') ?? hook.url;
  hook.secret = textOf(call.body, 'secret') ?? hook.secret;
  hook.contentType = textOf(call.body, 'content_type') === 'form' ? 'form' : hook.contentType;
  call.world.hooks.put(hook);
  return { body: hookConfig(hook) };
}

export const appRoutes: Routes = {
  'GET /app': (call) => ({ body: presentApp(call.world, needApp(call)) }),
  'GET /app/hook/config': (call) => ({ body: hookConfig(appHook(call)) }),
  'PATCH /app/hook/config': setHookConfig,
  ...deliveryRoutes('/app/hook', (call) => [appHook(call)]),
  'GET /app/installations': (call) => {
    const app = needApp(call);
    return paged(
      call,
      call.world.installations.all().filter((it) => it.appId === app.id),
      (it) => presentInstallation(call.world, it),
    );
  },
  'GET /app/installations/:id': (call) => ({ body: presentInstallation(call.world, installationIn(call)) }),
  'POST /app/installations/:id/access_tokens': createToken,
  'GET /installation/repositories': installationRepos,
  'DELETE /installation/token': (call) => {
    for (const token of call.world.tokens.all().filter((it) => it.installationId === call.caller.installation?.id))
      call.world.tokens.drop(token);
    return { status: 204 };
  },
  'GET /orgs/:org/installation': (call) => installationOf(call, accountByLogin(call.world, call.params.org ?? '')),
  'GET /users/:login/installation': (call) => installationOf(call, accountByLogin(call.world, call.params.login ?? '')),
  'GET /repos/:owner/:repo/installation': (call) => {
    const repo = repoByName(call.world, call.params.owner ?? '', call.params.repo ?? '');
    return installationOf(call, call.world.accounts.get(repo?.ownerId));
  },
  'GET /orgs/:org/installations': (call) => {
    const org = accountByLogin(call.world, call.params.org ?? '');
    const list = call.world.installations.all().filter((it) => it.accountId === org?.id);
    return paged(
      call,
      list,
      (it) => presentInstallation(call.world, it),
      (installations) => ({ total_count: list.length, installations }),
    );
  },
  'GET /apps/:slug': (call) => {
    const app = call.world.apps.all().find((it) => it.slug === call.params.slug);
    if (!app) throw notFound();
    return { body: presentApp(call.world, app) };
  },
  'POST /app-manifests/:code/conversions': (call) => {
    const app = claimManifest(call.world, call.params.code ?? '');
    if (!app) throw notFound();
    const [hook] = call.world.hooks.in(`integration/${app.id}`);
    return {
      status: 201,
      body: {
        ...presentApp(call.world, app),
        client_secret: app.clientSecret,
        webhook_secret: hook?.secret ?? null,
        pem: app.privateKey,
      },
    };
  },
};
