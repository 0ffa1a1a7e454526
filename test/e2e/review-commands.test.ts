import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PullIssue } from '../../sandbox/model/records.ts';
import { CASES, CASES_CONFIG, type Case, outcomeOf, prepare } from './support/cases.ts';
import { MORE_CASES, prepareRepo } from './support/more-cases.ts';
import { openPull } from './support/open-case.ts';
import { openStage, type Stage } from './support/stage.ts';

/** Of the others those that go by GitHub alone. */
const ALONE = MORE_CASES.filter(({ plugin }) => /^(owners-label|mergecommitblocker|reward-owners)$/.test(plugin));
const ALL = [...CASES, ...ALONE];
const plugins = [...new Set(ALL.map(({ plugin }) => plugin))];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ config: `${CASES_CONFIG}plugins:\n  acme: [${plugins.join(', ')}]\n` });
  await prepareRepo({ ...stage, world: stage.sandbox.world });
});
afterAll(() => stage.close());

/** Whether all that the case wants is there. Other plugins may have added to it. */
function isThere(pull: PullIssue, { wanted, before, says = /^/ }: Case): boolean {
  const { labels, assignees, reviewers, statuses, comments } = outcomeOf(
    { ...stage, world: stage.sandbox.world },
    pull,
  );
  const has = (list: string[], some: string[] = []) => some.every((item) => list.includes(item));
  const gone = before.filter((label) => !wanted.labels?.includes(label));
  return (
    has(labels, wanted.labels) &&
    gone.every((label) => !labels.includes(label)) &&
    (wanted.assignees?.length === 0 ? assignees.length === 0 : has(assignees, wanted.assignees)) &&
    has(reviewers, wanted.reviewers) &&
    Object.entries(wanted.statuses ?? {}).every(([context, state]) => statuses[context] === state) &&
    (says.source === '^' || comments.some((body) => says.test(body)))
  );
}

describe.each(plugins)('%s', (plugin) => {
  test.each(ALL.filter((given) => given.plugin === plugin))('$name', async (given) => {
    const scene = { ...stage, world: stage.sandbox.world };
    const pull = await openPull(scene, given);
    await prepare(scene, pull, given);
    await given.act?.(scene, pull);
    await stage.until(() => isThere(pull, given));
  });
});

test('GitHub knows every request that was made', () => {
  // The description is of REST; who is busy is asked in GraphQL.
  expect(stage.complaints.filter((complaint) => !complaint.startsWith('POST /api/graphql:'))).toEqual([]);
});
