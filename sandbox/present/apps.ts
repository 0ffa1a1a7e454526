import { nodeId } from '../model/nodeid.ts';
import type { App, Installation } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';
import { presentAccount } from './accounts.ts';

export function presentApp(world: World, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    client_id: app.clientId,
    owner: presentAccount(world, world.accounts.need(app.ownerId)),
    name: app.name,
    description: '',
    external_url: world.urls.html,
    html_url: `${world.urls.html}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
    installations_count: world.installations.all().filter((it) => it.appId === app.id).length,
  };
}

export function presentInstallation(world: World, installation: Installation): Json {
  const app = world.apps.need(installation.appId);
  const account = world.accounts.need(installation.accountId);
  return {
    id: installation.id,
    account: presentAccount(world, account),
    access_tokens_url: `${world.urls.api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.urls.api}/installation/repositories`,
    html_url: `${world.urls.html}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    client_id: app.clientId,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions ?? app.permissions,
    events: installation.events ?? app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    app_slug: app.slug,
    repository_selection: installation.repoIds ? 'selected' : 'all',
    suspended_by: installation.suspended ? presentAccount(world, account) : null,
    suspended_at: installation.suspended ? installation.createdAt : null,
  };
}
