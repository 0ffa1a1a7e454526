import * as actions from '../../model/actions/index.ts';
import { queueDelivery } from '../../model/happen.ts';
import { issueByNumber, pullByNumber } from '../../model/lookup.ts';
import type { Delivery } from '../../model/records.ts';
import { Refusal } from '../../model/refusal.ts';
import type { Theme } from '../views.ts';
import { type Reading, repoPath } from './context.ts';
import { mayPush } from './pull-view.ts';
import { numberOf, type Place, placeOf } from './routes.ts';
import { stepTarget } from './steps.ts';

/** What a form's request led to: where to go on, what to fill into the box, and cookies to remember. */
export interface Outcome {
  to: string;
  say?: string;
  cookies?: Record<string, string>;
}

export interface Forms {
  reading: Reading;
  startOver(): Promise<void>;
}

/** Does what a form asks for; undefined where there is no such form. What GitHub would refuse is thrown as Refusal. */
export async function submitForm(forms: Forms, place: Place, fields: URLSearchParams): Promise<Outcome | undefined> {
  const back = ownPath(fields.get('back'));
  if (place.owner === null) return ownForm(forms, place.parts, fields, back);
  return repoForm(forms.reading, place.parts, fields, back);
}

async function ownForm(
  { reading, startOver }: Forms,
  [what, id, verb]: string[],
  fields: URLSearchParams,
  back: string,
): Promise<Outcome | undefined> {
  if (what === 'acting-as') return actingAs(reading, fields.get('login'), back);
  if (what === 'theme') return { to: back, cookies: { theme: themeOf(fields.get('theme')) } };
  if (what === 'step') return takeStep(reading, fields.get('step') ?? '', back);
  if (what === 'start-over') {
    await startOver();
    return { to: '/', cookies: { 'read-log': '' } };
  }
  if (what !== 'deliveries' || verb !== 'again') return undefined;
  const delivery = reading.world.deliveries.get(numberOf(id));
  if (!delivery) throw new Refusal(404, `Delivery ${id} is not there any more`);
  return { to: `/-/deliveries/${redeliver(reading, delivery).id}` };
}

function actingAs(reading: Reading, login: string | null, to: string): Outcome {
  const person = reading.people.find((candidate) => candidate.login === login);
  if (!person) throw new Refusal(422, `There is nobody called ${login} to act as`);
  return { to, cookies: { 'acting-as': person.login } };
}

export function themeOf(text: string | null | undefined): Theme {
  return text === 'light' || text === 'dark' ? text : 'system';
}

function takeStep(reading: Reading, id: string, back: string): Outcome {
  const place = placeOf(back);
  const number = place?.parts[0] === 'pull' ? numberOf(place.parts[1]) : null;
  const current = number === null ? undefined : pullByNumber(reading.world, reading.repo, number);
  const target = stepTarget(reading, id, current);
  if (!target) throw new Refusal(422, `There is no step called ${id}`);
  const cookies = { 'acting-as': target.login };
  if (target.say === null) return { to: target.to, cookies };
  return { to: `${target.to}?say=${encodeURIComponent(target.say)}`, say: target.say, cookies };
}

function redeliver({ world }: Reading, delivery: Delivery): Delivery {
  const hook = world.hooks.get(delivery.hookId);
  if (!hook) throw new Refusal(422, 'The webhook that it was sent to is gone');
  const { event, action, changeId, installationId, repositoryId, guid, body } = delivery;
  return queueDelivery(world, hook, {
    event,
    action,
    changeId,
    installationId,
    repositoryId,
    guid,
    body,
    redelivery: true,
  });
}

async function repoForm(
  reading: Reading,
  [section, id, verb]: string[],
  fields: URLSearchParams,
  back: string,
): Promise<Outcome | undefined> {
  const { world, repo, actor } = reading;
  const home = repoPath(world, repo);
  if (section === 'compare') return openPull(reading, numberOf(fields.get('prepared')));
  const number = numberOf(id);
  if (number === null) return undefined;
  if ((section === 'pull' || section === 'issues') && verb === 'comments') {
    const issue = issueByNumber(world, repo, number);
    if (!issue) throw new Refusal(404, `#${number} is not there`);
    actions.comment(world, { actor, issue, body: fields.get('body') ?? '' });
    return { to: `${home}/${section}/${number}` };
  }
  if (section !== 'pull' || verb !== 'push') return undefined;
  const pull = pullByNumber(world, repo, number);
  if (!pull) throw new Refusal(404, `#${number} is not there`);
  if (!mayPush(reading, pull)) throw new Refusal(403, `${actor.login} may not push to this branch`);
  await actions.pushPrepared(world, actor, pull);
  return { to: back };
}

async function openPull({ world, repo, actor }: Reading, id: number | null): Promise<Outcome> {
  const prepared = actions.preparedBranches(world, repo).find((candidate) => candidate.id === id);
  if (!prepared) throw new Refusal(422, 'This branch is in use by now');
  if (prepared.login.toLowerCase() !== actor.login.toLowerCase()) {
    throw new Refusal(403, `This branch is ${prepared.login}'s: act as ${prepared.login} to open it`);
  }
  const issue = await actions.openPrepared(world, prepared, actor);
  return { to: `${repoPath(world, repo)}/pull/${issue.number}` };
}

/** A path of this page only, so that a form can not lead elsewhere. */
function ownPath(text: string | null): string {
  return text !== null && /^\/(?![/\\])/.test(text) ? text : '/';
}

/** Words for a person: GitHub's message, and what it says of the fields. */
export function wordsOf(refusal: Refusal): string {
  const details = refusal.errors.map((error) => {
    if (typeof error === 'string') return error;
    if (typeof error.message === 'string') return error.message;
    return error.code === 'missing_field' ? `${error.field} is missing` : `${error.field} is ${error.code}`;
  });
  return [refusal.message, ...details].join(': ');
}
