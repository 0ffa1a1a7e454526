import { expect, test } from 'vitest';
import { botComments, commit, happen, type World } from '../../core/plugin/testing/index.ts';
import { mergeMethodComment } from './index.ts';

interface Row {
  commits?: number;
  tide?: object;
  action?: string;
  says: string | undefined;
  comments?: World['comments'];
}

const happens = ({ commits = 2, tide = {}, action = 'opened', comments = [] }: Row) =>
  happen(mergeMethodComment, 'pull_request', action, {
    world: { commits: Array.from({ length: commits }, () => commit('x')), comments },
    settings: { tide },
  });

const MULTIPLE = 'This PR has multiple commits, and the default merge method is: ';
const squash = { merge_method: { 'acme/widgets': 'squash' } };

test.each<Row>([
  { commits: 1, says: undefined },
  { says: `${MULTIPLE}merge.\nCommits will be merged, as no squash labels are defined` },
  {
    tide: { squash_label: 'sq' },
    says: `${MULTIPLE}merge.\nYou can request commits to be squashed using the label: sq`,
  },
  { tide: squash, says: `${MULTIPLE}squash.\nCommits will be squashed, as no merge labels are defined` },
  {
    tide: { ...squash, merge_label: 'mg' },
    says: `${MULTIPLE}squash.\nYou can request commits to be merged using the label: mg`,
  },
  { tide: { merge_method: { acme: 'rebase' } }, says: `${MULTIPLE}rebase.\n` },
  { tide: { merge_method: { 'acme/widgets@main': 'squash' } }, says: `${MULTIPLE}squash.\n` },
  { action: 'synchronize', says: MULTIPLE },
  { action: 'edited', says: MULTIPLE },
  { action: 'labeled', says: undefined },
])('$commits commits, $tide ($action)', async (row) => {
  const comments = botComments(await happens(row));
  expect(comments).toHaveLength(row.says === undefined ? 0 : 1);
  if (row.says !== undefined) expect(comments[0]?.startsWith(row.says)).toBe(true);
});

test('said once', async () => {
  const { comments } = await happens({ says: MULTIPLE });
  expect((await happens({ action: 'synchronize', comments, says: MULTIPLE })).comments).toEqual(comments);
});
