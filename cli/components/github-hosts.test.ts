import { expect, it } from 'vitest';
import { githubHosts } from './github-hosts.ts';

const none = { 'github-endpoint': [], 'github-host': undefined };
const GHES = 'https://github.acme.example/api/v3';

it.each([
  ['nothing', none, {}, [], 'https://github.com'],
  ['GHE_HOST', none, { GHE_HOST: 'ghe.example' }, ['https://ghe.example/api/v3'], 'https://ghe.example'],
  [
    'GHE_PROTOCOL',
    none,
    { GHE_HOST: 'ghe.example', GHE_PROTOCOL: 'http' },
    ['http://ghe.example/api/v3'],
    'http://ghe.example',
  ],
  ['data residency', none, { GHE_HOST: 'acme.ghe.com' }, ['https://api.acme.ghe.com'], 'https://acme.ghe.com'],
  ['an endpoint of a server', { ...none, 'github-endpoint': [GHES] }, {}, [GHES], 'https://github.acme.example'],
  [
    'a proxy before github.com',
    { ...none, 'github-endpoint': ['http://ghproxy', 'https://api.github.com'] },
    {},
    ['http://ghproxy', 'https://api.github.com'],
    'https://github.com',
  ],
  [
    'a proxy before a server, whose name is given',
    { 'github-endpoint': ['http://ghproxy'], 'github-host': 'ghe.example' },
    {},
    ['http://ghproxy'],
    'https://ghe.example',
  ],
])('%s says which GitHub is meant', (_name, flags, env, endpoints, web) => {
  expect(githubHosts(flags, env)).toEqual({ endpoints, web });
});
