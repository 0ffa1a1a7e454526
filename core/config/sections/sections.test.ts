import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../load.ts';
import { externalPlugins } from './external-plugins.ts';
import { gangway } from './gangway.ts';
import { gerrit } from './gerrit.ts';
import { managedWebhooks } from './managed-webhooks.ts';
import { orgs } from './orgs.ts';
import { logLevel, moonraker, pushGateway, statusErrorLink } from './process.ts';

const sections = [
  orgs,
  externalPlugins,
  gangway,
  gerrit,
  managedWebhooks,
  logLevel,
  moonraker,
  pushGateway,
  statusErrorLink,
];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sections-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string) {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, text);
  return loadConfig({ sections, configPath, now: () => Date.parse('2026-01-01T00:00:00Z') });
}

test('defaults', () => {
  const config = load('{}');
  expect(config.get(logLevel)).toBe('info');
  expect(config.get(gerrit)).toMatchObject({ tick_interval: '1m', ratelimit: 5 });
  expect(config.get(pushGateway)).toMatchObject({ interval: '1m', serve_metrics: false });
  expect(config.get(moonraker)).toEqual({ client_timeout: '10m' });
  expect(config.get(statusErrorLink)).toBe('https://github.com/kubernetes/test-infra/issues');
  const external = load('external_plugins: {o: [{name: x}, {name: y, endpoint: "http://z"}]}').get(externalPlugins);
  expect(external.o?.map(({ endpoint }) => endpoint)).toEqual(['http://x', 'http://z']);
});

const client =
  '{gcp: {endpoint_api_consumer_type: PROJECT, endpoint_api_consumer_number: "1"}, allowed_jobs_filters: [{tenant_id: t}]}';

test('teams stand in teams', () => {
  const { o } = load('orgs: {o: {teams: {a: {privacy: closed, teams: {b: {members: [c], repos: {r: write}}}}}}}').get(
    orgs,
  );
  expect(o?.teams?.a?.teams?.b).toEqual({ members: ['c'], repos: { r: 'write' } });
});

describe('refuses', () => {
  test.each([
    ['orgs: {o: {teams: {a: {teams: {b: {privacy: open}}}}}}', /orgs\.o\.teams\.a\.teams\.b\.privacy/],
    ['orgs: {o: {repos: {r: {private: true, visibility: public}}}}', /both 'private' and 'visibility'/],
    ['log_level: loud', /not a valid logrus Level: "loud"/],
    ['gerrit: {allowed_presubmit_trigger_re: "("}', /gerrit\.allowed_presubmit_trigger_re/],
    [
      'managed_webhooks: {org_repo_config: {o: {token_created_after: "2026-02-01T00:00:00Z"}}}',
      /no later than current time/,
    ],
    ['managed_webhooks: {org_repo_config: {o: {token_created_after: soon}}}', /no RFC 3339 time/],
    ['gangway: {allowed_api_clients: [{}]}', /did not have a cloud vendor set/],
    ['gangway: {allowed_api_clients: [{gcp: {}}]}', /unsupported GCP API consumer type: ""/],
    [`gangway: {allowed_api_clients: [${client.replace('"1"', 'x')}]}`, /invalid EndpointApiConsumerNumber: "x"/],
    [`gangway: {allowed_api_clients: [${client.replace('tenant_id: t', '')}]}`, /empty tenant_id/],
    [`gangway: {allowed_api_clients: [${client.replace('{tenant_id: t}', '')}]}`, /cannot be empty/],
    [`gangway: {allowed_api_clients: [${client}, ${client}]}`, /declared multiple times/],
    ['external_plugins: {o: [{name: x}], o/r: [{name: x}]}', /x is set for the whole organization already/],
    ['external_plugins: {o: [{name: x, endpoint: "x:8888"}]}', /o\[0\]\.endpoint: "x:8888" is no http/],
  ])('%s', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});
