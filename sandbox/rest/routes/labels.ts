import * as actions from '../../model/actions/index.ts';
import { labelByName, labelsOf } from '../../model/lookup.ts';
import type { Label } from '../../model/records.ts';
import { invalid, Refusal } from '../../model/refusal.ts';
import { presentLabel } from '../../present/repos.ts';
import type { Answer, Routes } from '../call.ts';
import { isObject, NO_CONTENT, needText, textOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, issueIn, reading } from '../scope.ts';

function labelIn(call: RepoCall): Label {
  const label = labelByName(call.world, call.repo, call.params.name ?? '');
  if (!label) throw new Refusal(404, 'Not Found');
  return label;
}

/** The body is `{labels: [...]}`, a bare list, or a list of objects with a name. */
function names(call: ActingCall): string[] {
  const values = call.list ?? call.body.labels ?? [];
  if (!Array.isArray(values)) throw invalid('Label', 'labels', 'invalid');
  return values.map((it: unknown) => {
    const name = isObject(it) ? it.name : it;
    if (typeof name !== 'string' || name === '') throw invalid('Label', 'name', 'missing_field');
    return name;
  });
}

function ofIssue(call: RepoCall): Answer {
  return { body: labelsOf(call.world, issueIn(call)).map((label) => presentLabel(call.world, label)) };
}

async function remove(call: ActingCall): Promise<Answer> {
  const issue = issueIn(call);
  const label = labelByName(call.world, call.repo, call.params.name ?? '');
  if (!label || !issue.labelIds.includes(label.id)) throw new Refusal(404, 'Label does not exist');
  await actions.removeLabel(call.world, call.actor, issue, label);
  return ofIssue(call);
}

function create(call: ActingCall): Answer {
  const { world, actor, repo, body } = call;
  const color = textOf(body, 'color');
  const label = actions.createLabel(world, actor, repo, {
    name: needText(body, 'name'),
    description: textOf(body, 'description') ?? null,
    ...(color === undefined ? {} : { color }),
  });
  return { status: 201, body: presentLabel(world, label) };
}

function edit(call: ActingCall): Answer {
  const label = labelIn(call);
  const name = textOf(call.body, 'new_name') ?? textOf(call.body, 'name');
  const color = textOf(call.body, 'color');
  actions.editLabel(call.world, call.actor, label, {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...('description' in call.body ? { description: textOf(call.body, 'description') ?? null } : {}),
  });
  return { body: presentLabel(call.world, label) };
}

const BASE = '/repos/:owner/:repo';

export const labelRoutes: Routes = {
  [`GET ${BASE}/labels`]: reading((call) =>
    paged(call, call.world.labels.in(call.repo.id), (it) => presentLabel(call.world, it)),
  ),
  [`POST ${BASE}/labels`]: acting('write', create),
  [`GET ${BASE}/labels/*name`]: reading((call) => ({ body: presentLabel(call.world, labelIn(call)) })),
  [`PATCH ${BASE}/labels/*name`]: acting('write', edit),
  [`DELETE ${BASE}/labels/*name`]: acting('write', (call) => {
    actions.deleteLabel(call.world, call.actor, labelIn(call));
    return NO_CONTENT;
  }),
  [`GET ${BASE}/issues/:number/labels`]: reading((call) =>
    paged(call, labelsOf(call.world, issueIn(call)), (it) => presentLabel(call.world, it)),
  ),
  [`POST ${BASE}/issues/:number/labels`]: acting('triage', async (call) => {
    await actions.addLabels(call.world, call.actor, issueIn(call), names(call));
    return ofIssue(call);
  }),
  [`PUT ${BASE}/issues/:number/labels`]: acting('triage', async (call) => {
    await actions.setLabels(call.world, call.actor, issueIn(call), names(call));
    return ofIssue(call);
  }),
  [`DELETE ${BASE}/issues/:number/labels`]: acting('triage', async (call) => {
    await actions.setLabels(call.world, call.actor, issueIn(call), []);
    return NO_CONTENT;
  }),
  [`DELETE ${BASE}/issues/:number/labels/*name`]: acting('triage', remove),
};
