import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PullIssue } from '../../sandbox/model/records.ts';
import { CASES, type Case, outcomeOf } from './support/cases.ts';
import { openPull } from './support/open-case.ts';
import { openStage, type Stage } from './support/stage.ts';

/** What Jira and Bugzilla answer; every request is noted. */
const ANSWERS: Record<string, object> = {
  'GET /rest/api/2/project': [{ key: 'ABC' }],
  'GET /rest/api/2/issue/ABC-1': { id: '1' },
  'GET /rest/api/2/issue/ABC-1/remotelink': [],
  'POST /rest/api/2/issue/ABC-1/remotelink': { id: 1 },
  'GET /rest/bug/7': { bugs: [{ id: 7, summary: 'x', status: 'NEW', severity: 'high', is_open: true }] },
  'PUT /rest/bug/7': {},
};

const CONFIG = `plugins:
  acme: [bugzilla, jira]
bugzilla:
  default:
    '*': {is_open: true, state_after_validation: {status: POST}}
`;

let server: Server;
let stage: Stage;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const what = `${request.method} ${request.url?.split('?', 1)[0]}`;
    asked.push(what);
    const answer = ANSWERS[what];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stage = await openStage({ config: CONFIG, flags: [`--jira-endpoint=${url}`, `--bugzilla-endpoint=${url}`] });
});
afterAll(async () => {
  await stage.close();
  server.close();
});

const [usual] = CASES;
const scene = () => ({ ...stage, world: stage.sandbox.world });
const open = (change: Partial<Case>): Promise<PullIssue> => openPull(scene(), { ...(usual as Case), ...change });
const outcome = (pull: PullIssue) => outcomeOf(scene(), pull);

test('a bug in the title is checked and moved on', async () => {
  const pull = await open({ title: 'Bug 7: mend it' });
  await stage.until(() => outcome(pull).labels.includes('bugzilla/valid-bug'));
  await stage.until(() => outcome(pull).comments.some((body) => body.includes('moved to the POST state')));
  expect(outcome(pull).labels).toEqual(['bugzilla/severity-high', 'bugzilla/valid-bug']);
  expect(asked).toContain('PUT /rest/bug/7');
});

test.each([
  ['/bugzilla refresh', /No Bugzilla bug with ID 8 exists/],
  ['/bugzilla cc-qa', /No Bugzilla bug with ID 8 exists/],
  ['/bugzilla assign-qa', /No Bugzilla bug with ID 8 exists/],
])('%s', async (words, says) => {
  const pull = await open({ title: 'Bug 8: mend it' });
  const said = () => outcome(pull).comments.filter((body) => says.test(body)).length;
  await stage.until(() => said() === 1);
  stage.comment('carol', pull.number, words);
  await stage.until(() => said() === 2);
});

test('a key of Jira becomes a link, there and here', async () => {
  const pull = await open({ title: 'A change' });
  stage.comment('carol', pull.number, 'see ABC-1 and ABC-2 and sha-256');
  const mine = () => stage.sandbox.world.comments.all().filter(({ issueId }) => issueId === pull.id);
  await stage.until(() => mine().some(({ body }) => body.includes('/browse/ABC-1)')));
  expect(mine().at(-1)?.body).toMatch(
    /^see \[ABC-1\]\(http:\/\/127\.0\.0\.1:\d+\/browse\/ABC-1\) and ABC-2 and sha-256$/,
  );
  expect(asked.filter((what) => what.startsWith('POST'))).toEqual(['POST /rest/api/2/issue/ABC-1/remotelink']);
});
