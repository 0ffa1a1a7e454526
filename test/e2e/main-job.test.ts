import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openStage, type Stage } from './support/stage.ts';

const UNIT = 'pull-widgets-unit';
const LINT = 'pull-widgets-lint';
const E2E = 'pull-widgets-e2e';
/** bob's, whose lint fails. */
const BOBS = 42;
/** The stranger's. */
const STRANGERS = 43;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe('the main job', () => {
  test('a comment starts jobs on the real code, and their results come back', async () => {
    stage.comment('alice', BOBS, '/test all');
    await stage.until(() => stage.statuses(BOBS)[UNIT] === 'success' && stage.statuses(BOBS)[LINT] === 'failure');
    expect(stage.history(BOBS, UNIT)).toContain('pending');
    await stage.until(() => stage.answers(BOBS).some((body) => body.includes('The following test **failed**')));
    const log = await fetch(stage.link(BOBS, LINT)).then((page) => page.text());
    expect(log).toContain(LINT);
  });

  test('/retest runs again what failed, and only that', async () => {
    const before = stage.history(BOBS, UNIT).length;
    stage.comment('alice', BOBS, '/retest');
    await stage.until(() => stage.history(BOBS, LINT).filter((state) => state === 'failure').length === 2);
    expect(stage.history(BOBS, UNIT)).toHaveLength(before);
  });

  test('/test ? says what can be run', async () => {
    stage.comment('alice', BOBS, '/test ?');
    await stage.until(() => stage.answers(BOBS).some((body) => body.includes(`/test ${E2E}`)));
  });

  test('/hold, /hold cancel and /lgtm', async () => {
    stage.comment('alice', BOBS, '/hold');
    await stage.until(() => stage.labels(BOBS).includes('do-not-merge/hold'));
    stage.comment('alice', BOBS, '/hold cancel');
    await stage.until(() => !stage.labels(BOBS).includes('do-not-merge/hold'));
    stage.comment('alice', BOBS, '/lgtm');
    await stage.until(() => stage.labels(BOBS).includes('lgtm'));
  });

  test("a stranger's change waits for somebody trusted", async () => {
    const { sandbox, repo, person } = stage;
    const branch = actions.preparedBranches(sandbox.world, repo)[0];
    if (!branch) throw new Error('the sandbox has no branch to open');
    const opened = await actions.openPrepared(sandbox.world, branch);
    await stage.until(() => stage.labels(opened.number).some((label) => label.startsWith('size/')));
    stage.comment('stranger', STRANGERS, '/test all');
    await stage.until(() =>
      stage.answers(STRANGERS).some((body) => body.includes('Cannot trigger testing until a trusted user')),
    );
    expect(stage.statuses(STRANGERS)).toEqual({});
    stage.comment('alice', STRANGERS, '/ok-to-test');
    await stage.until(() => stage.statuses(STRANGERS)[UNIT] === 'success');
    expect(stage.labels(STRANGERS)).toContain('ok-to-test');
    expect(person('stranger').login).toBe('stranger');
  });
});

test('every request is one that GitHub describes', () => {
  expect(stage.complaints).toEqual([]);
});
