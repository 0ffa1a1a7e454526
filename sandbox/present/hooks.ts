import type { Delivery, Hook } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';

export function presentDelivery(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function presentFullDelivery(delivery: Delivery): Json {
  const form = delivery.requestHeaders['Content-Type'] === 'application/x-www-form-urlencoded';
  const text = form ? (new URLSearchParams(delivery.body).get('payload') ?? '{}') : delivery.body;
  return {
    ...presentDelivery(delivery),
    url: '',
    request: { headers: delivery.requestHeaders, payload: JSON.parse(text) },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}

/** A hook as REST shows it, its secret hidden. `root` is the API address of what it belongs to. */
export function presentHook(world: World, hook: Hook, root: string): Json {
  const last = world.deliveries.in(hook.id).at(-1);
  const url = `${root}/hooks/${hook.id}`;
  return {
    type: hook.target === 'repository' ? 'Repository' : 'Organization',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: '0',
      url: hook.url,
      ...(hook.secret ? { secret: '********' } : {}),
    },
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: {
      code: last?.statusCode ?? null,
      status: last ? 'active' : 'unused',
      message: last?.status ?? null,
    },
  };
}
