import { presentLabel } from '../../present/repos.ts';
import { happen } from '../happen.ts';
import { labelByName } from '../lookup.ts';
import type { Account, Issue, Label, Repo } from '../records.ts';
import { invalid } from '../refusal.ts';
import type { World } from '../world.ts';
import { addEvent, announcementOf, touch } from './issues.ts';

export interface NewLabel {
  name: string;
  color?: string;
  description?: string | null;
}

/** Makes a label in a repository; refused where the name is taken in any case. */
export function createLabel(world: World, actor: Account, repo: Repo, wish: NewLabel): Label {
  if (wish.name.trim() === '') throw invalid('Label', 'name', 'missing_field');
  if (labelByName(world, repo, wish.name)) throw invalid('Label', 'name', 'already_exists');
  if ((wish.description ?? '').length > 100) throw invalid('Label', 'description', 'invalid');
  if (wish.color !== undefined && !/^[0-9a-f]{6}$/i.test(wish.color)) throw invalid('Label', 'color', 'invalid');
  const color = (wish.color ?? 'ededed').toLowerCase();
  const label = world.labels.put({
    id: world.nextId(),
    repoId: repo.id,
    name: wish.name,
    color,
    description: wish.description ?? null,
  });
  tell(world, actor, repo, label, 'created');
  return label;
}

function tell(world: World, actor: Account, repo: Repo, label: Label, action: string): void {
  const announce = [{ event: 'label', action, payload: { label: presentLabel(world, label) } }];
  happen(world, { kind: 'repository.changed', actor, repo, data: { label: label.name, action }, announce });
}

export function editLabel(world: World, actor: Account, label: Label, edit: Partial<NewLabel>): void {
  const repo = world.repos.need(label.repoId);
  const taken = edit.name === undefined ? undefined : labelByName(world, repo, edit.name);
  if (taken && taken !== label) throw invalid('Label', 'name', 'already_exists');
  label.name = edit.name ?? label.name;
  label.color = edit.color?.toLowerCase() ?? label.color;
  if (edit.description !== undefined) label.description = edit.description;
  world.labels.put(label);
  tell(world, actor, repo, label, 'edited');
}

export function deleteLabel(world: World, actor: Account, label: Label): void {
  const repo = world.repos.need(label.repoId);
  for (const issue of world.issues.in(repo.id).filter((it) => it.labelIds.includes(label.id))) {
    issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
    world.issues.put(issue);
  }
  tell(world, actor, repo, label, 'deleted');
  world.labels.drop(label);
}

/** Puts labels on an issue by name; missing ones are made, as GitHub does for those who may write. */
export async function addLabels(world: World, actor: Account, issue: Issue, names: readonly string[]): Promise<void> {
  const repo = world.repos.need(issue.repoId);
  for (const name of names) {
    const label = labelByName(world, repo, name) ?? createLabel(world, actor, repo, { name });
    if (issue.labelIds.includes(label.id)) continue;
    issue.labelIds = [...issue.labelIds, label.id];
    await labelled(world, actor, issue, label, 'labeled');
  }
}

/** Takes one label off. */
export async function removeLabel(world: World, actor: Account, issue: Issue, label: Label): Promise<void> {
  if (!issue.labelIds.includes(label.id)) return;
  issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  await labelled(world, actor, issue, label, 'unlabeled');
}

async function labelled(
  world: World,
  actor: Account,
  issue: Issue,
  label: Label,
  verb: 'labeled' | 'unlabeled',
): Promise<void> {
  touch(world, issue);
  addEvent(world, issue, actor, verb, { label: { name: label.name, color: label.color } });
  happen(world, {
    kind: verb === 'labeled' ? 'label.added' : 'label.removed',
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { label: label.name, color: label.color },
    announce: [await announcementOf(world, issue, verb, { label: presentLabel(world, label) })],
  });
}

/** Leaves exactly these labels on an issue. */
export async function setLabels(world: World, actor: Account, issue: Issue, names: readonly string[]): Promise<void> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const id of [...issue.labelIds]) {
    const label = world.labels.need(id);
    if (!wanted.has(label.name.toLowerCase())) await removeLabel(world, actor, issue, label);
  }
  await addLabels(world, actor, issue, names);
}
