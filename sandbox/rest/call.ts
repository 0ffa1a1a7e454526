import type { Account, App, Installation } from '../model/records.ts';
import { Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';

/** Who is asking. */
export interface Caller {
  kind: 'anonymous' | 'user' | 'installation' | 'app';
  /** Whom the rate limit counts. */
  key: string;
  account?: Account | undefined;
  app?: App | undefined;
  installation?: Installation | undefined;
  /** Repositories that an installation token was narrowed to. */
  repoIds?: readonly number[] | null;
}

export type Body = Record<string, unknown>;

/** One request to the API. */
export interface Call {
  world: World;
  caller: Caller;
  method: string;
  /** Without the `/api/v3` before it. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON body; `{}` where there is none. A body that is a list stands in `list`. */
  body: Body;
  list?: unknown[];
  accept: string;
}

export interface Answer {
  status?: number;
  /** Sent as JSON; left out with 204. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  text?: string | Buffer;
  headers?: Record<string, string>;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** `METHOD /pattern` to what answers it, with `:name` for one part of the path and `*name` for the rest. */
export type Routes = Record<string, Handler>;

export const NO_CONTENT: Answer = { status: 204 };

/** The account that acts; refuses with 401 or, for an App's own token, 403. */
export function needAccount(call: Call): Account {
  const { account, kind } = call.caller;
  if (account) return account;
  throw kind === 'app'
    ? new Refusal(403, 'Resource not accessible by integration')
    : new Refusal(401, 'Requires authentication');
}

function wrongType(field: string): Refusal {
  return new Refusal(422, `Invalid request.\n\nFor 'properties/${field}', the value is not of the right type.`);
}

/** A text of the body, undefined where it is missing; 422 where it is something else. */
export function textOf(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(field);
  return value;
}

export function needText(body: Body, field: string): string {
  const value = textOf(body, field);
  if (value === undefined) throw new Refusal(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
  return value;
}

export function flagOf(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(field);
  return value;
}

export function numberOf(body: Body, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw wrongType(field);
  return value;
}

/** A list of texts; a single text counts as a list of one where GitHub takes both. */
export function textsOf(body: Body, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw wrongType(field);
  return value.map((it: unknown) => {
    if (typeof it !== 'string') throw wrongType(field);
    return it;
  });
}

/** One of some words; 422 where it is another. */
export function choiceOf<T extends string>(body: Body, field: string, choices: readonly T[]): T | undefined {
  const value = textOf(body, field);
  if (value === undefined) return undefined;
  const found = choices.find((it) => it === value);
  if (!found)
    throw new Refusal(
      422,
      `Invalid request.\n\n${value} is not a member of [${choices.map((it) => `"${it}"`).join(', ')}].`,
    );
  return found;
}

/** A nested object of the body, empty where it is missing. */
export function objectOf(body: Body, field: string): Body {
  const value = body[field];
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectsOf(body: Body, field: string): Body[] {
  const value = body[field];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
