import { afterAll, beforeAll, expect, test } from 'vitest';
import { portBinder } from '../../core/dispatch/bind.ts';
import { createFacts } from '../../core/dispatch/facts.ts';
import { createAttemptJournal } from '../../core/dispatch/journal.ts';
import type { GitHub } from '../../core/github/github.ts';
import { corePorts, type PortMap } from '../../core/ports/index.ts';
import { startTestSandbox, type TestSandbox } from '../../sandbox/testing.ts';
import { githubOf } from './support/platform.ts';

let sandbox: TestSandbox;
let github: GitHub;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
  github = githubOf(sandbox);
});
afterAll(async () => {
  github.close();
  await stop();
});

/** The ports as the plugins of one event see them. */
const eventPorts = (): PortMap => {
  const backing = {
    client: github.forOrg,
    facts: createFacts(),
    journal: createAttemptJournal([], async () => {}),
  };
  return portBinder(corePorts)({ at: { org: 'acme', repo: 'widgets', number: 42 }, backing });
};

const head = () => sandbox.pull(42).pull.headSha;
const red = { context: 'ci', state: 'failure', description: 'red' } as const;
const lastComment = async ({ comments }: PortMap) => (await comments.list()).at(-1)?.id ?? 0;

type Row = [what: string, read: (ports: PortMap) => Promise<unknown>, write: (ports: PortMap) => Promise<unknown>];

const ROWS: Row[] = [
  ['a label', ({ labels }) => labels.list(), ({ labels }) => labels.add('kind/bug', 'Kind/Bug')],
  ['a label that is there', ({ labels }) => labels.list(), ({ labels }) => labels.add('kind/bug')],
  ['a label less', ({ labels }) => labels.list(), ({ labels }) => labels.remove('KIND/bug')],
  ['a new label', ({ labels }) => labels.catalog(), ({ labels }) => labels.add('brand/new')],
  ['a comment', ({ comments }) => comments.list(), ({ comments }) => comments.create('Hello')],
  [
    'an edited comment',
    ({ comments }) => comments.list(),
    async (ports) => ports.comments.edit(await lastComment(ports), 'Good bye'),
  ],
  [
    'a comment less',
    ({ comments }) => comments.list(),
    async (ports) => ports.comments.delete(await lastComment(ports)),
  ],
  ['a title, of the pull request', ({ pull }) => pull.get(), ({ issue }) => issue.edit({ title: 'Another' })],
  ['a title, of the issue', ({ issue }) => issue.get(), ({ issue }) => issue.edit({ title: 'Yet another' })],
  ['closed', async ({ pull }) => (await pull.get()).state, ({ issue }) => issue.close('completed')],
  ['open again', ({ issue }) => issue.get(), ({ issue }) => issue.reopen()],
  ['an assignee', ({ issue }) => issue.get(), ({ issue }) => issue.assign('carol')],
  ['a reviewer', ({ pull }) => pull.get(), ({ pull }) => pull.requestReview(['carol', 'alice'])],
  ['a reviewer again', ({ pull }) => pull.get(), ({ pull }) => pull.requestReview(['Carol'])],
  ['a reviewer less', ({ pull }) => pull.get(), ({ pull }) => pull.unrequestReview(['CAROL'])],
  ['a status', ({ statuses }) => statuses.combined(head()), ({ statuses }) => statuses.set(head(), red)],
  [
    'a status set anew',
    ({ statuses }) => statuses.combined(head()),
    ({ statuses }) => statuses.set(head(), { ...red, state: 'success', url: 'https://ci.example' }),
  ],
  [
    'a status of another commit',
    ({ statuses }) => statuses.combined(sandbox.pull(43).pull.headSha),
    ({ statuses }) => statuses.set(head(), red),
  ],
];

/** Times differ by what is not known, and the order of statuses and reviewers means nothing. */
function comparable(answer: unknown): unknown {
  const order = (_key: string, value: unknown) =>
    Array.isArray(value) ? value.map((it) => JSON.stringify(it, order)).sort() : value;
  return JSON.parse(JSON.stringify(answer, order).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then'));
}

test.each(ROWS)('%s: what is known of it after our own write is what GitHub has', async (_what, read, write) => {
  const ports = eventPorts();
  await read(ports);
  await write(ports);
  expect(comparable(await read(ports))).toEqual(comparable(await read(eventPorts())));
});

test('an answer that was under way while something was written holds it', async () => {
  const ports = eventPorts();
  const [listed] = await Promise.all([ports.labels.list(), ports.labels.add('late')]);
  expect(new Set([...listed, 'late'])).toEqual(new Set(await ports.labels.list()));
});
