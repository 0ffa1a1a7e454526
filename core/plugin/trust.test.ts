import { expect, test } from 'vitest';
import { createWorld, worldPorts } from './testing/index.ts';
import { joinUrl, Triggers, trustOf } from './trust.ts';

const WORLD = {
  members: { acme: ['test'], 'trusted-org': ['other-org-member'] },
  collaborators: ['test-collaborator'],
};

test.each([
  { login: 'test', only: true, trust: 'member' },
  { login: 'test', only: false, trust: 'member' },
  { login: 'ci-robot', only: true, trust: 'bot' },
  { login: 'CI-Robot', only: false, trust: 'bot' },
  { login: 'test-collaborator', only: false, trust: 'collaborator' },
  { login: 'test-collaborator', only: true, trust: undefined },
  { login: 'other-org-member', only: false, org: 'trusted-org', trust: 'member of the trusted organization' },
  { login: 'other-org-member', only: true, org: 'trusted-org', trust: 'member of the trusted organization' },
  { login: 'other-org-member', only: false, org: 'acme', trust: undefined },
  { login: 'other-org-member', only: false, trust: undefined },
  { login: 'github-app[bot]', only: false, apps: ['github-app'], trust: 'trusted app' },
  { login: 'github-app[bot]', only: true, apps: ['github-app'], trust: 'trusted app' },
  { login: 'github-app[bot]', only: false, apps: ['other-app'], trust: undefined },
  { login: 'github-app[bot]', only: false, trust: undefined },
  { login: 'github-app', only: false, apps: ['github-app'], trust: undefined },
])(
  '$login (members only: $only, trusted: $org $apps) is trusted as $trust',
  async ({ login, only, org, apps, trust }) => {
    const settings = Triggers.parse({ only_org_members: only, trusted_org: org, trusted_apps: apps });
    const { people } = worldPorts(createWorld(WORLD));
    expect(await trustOf(login, 'ci-robot', 'acme', settings, people)).toBe(trust);
  },
);

test.each([
  { trusted_org: 'kubernetes', url: 'https://github.com/orgs/kubernetes/people' },
  { trusted_org: 'kubernetes', join_org_url: 'https://join.test', url: 'https://join.test' },
  { join_org_url: 'https://join.test', url: 'https://join.test' },
  { url: 'https://github.com/orgs/acme/people' },
])('who wants to be trusted by $trusted_org asks at $url', ({ url, ...settings }) => {
  expect(joinUrl(Triggers.parse(settings), 'acme')).toBe(url);
});
