import { z } from 'zod';
import { CutwaterError, type ErrorCode, hasCode } from '../errors.ts';
import { type RestClient, readAnswer } from './rest.ts';

const text = z.string().default('');
const ids = z.array(z.number()).default([]);
const some = z.array(z.string()).default([]);

/** What is read of a bug; fields that are only copied into clones stay as they are (https://bugzilla.readthedocs.io/en/latest/api/core/v1/bug.html). */
const Bug = z.looseObject({
  id: z.number(),
  summary: text,
  status: text,
  resolution: text,
  severity: text,
  whiteboard: text,
  is_open: z.boolean().default(false),
  target_release: some,
  groups: some,
  blocks: ids,
  depends_on: ids,
  qa_contact_detail: z.looseObject({ email: text }).nullish(),
});
export type Bug = z.output<typeof Bug>;

const BugComment = z.looseObject({ text, creator: text, time: text, is_private: z.boolean().default(false) });
export type BugComment = z.output<typeof BugComment>;

const ExternalBug = z.looseObject({
  bug_id: z.number(),
  ext_bz_bug_id: z.string(),
  type: z.looseObject({ url: text }),
});

/** A bug to be made, with any of Bugzilla's fields. */
export interface NewBug {
  summary: string;
  description: string;
  [field: string]: unknown;
}

export interface BugUpdate {
  status?: string;
  resolution?: string;
  target_release?: string[];
  depends_on?: { add: number[] };
  blocks?: { add: number[] };
  whiteboard?: string;
}

/** A pull request that a bug's list of external trackers names. */
export interface LinkedPull {
  org: string;
  repo: string;
  number: number;
}

/** An installation of Bugzilla. Links to pull requests need Red Hat's extension ExternalBugs. Errors as in RestClient, in Bugzilla's words. */
export interface Bugzilla {
  readonly url: string;
  /** Throws `not-found`. */
  bug(id: number): Promise<Bug>;
  update(id: number, update: BugUpdate): Promise<void>;
  /** Gives the new bug's number. */
  create(bug: NewBug): Promise<number>;
  /** The newest bug with this summary that was made at `since` or later. */
  createdSince(summary: string, since: Date): Promise<number | undefined>;
  comments(id: number): Promise<BugComment[]>;
  comment(id: number, comment: string): Promise<void>;
  subComponents(id: number): Promise<Record<string, string[]>>;
  pulls(id: number): Promise<LinkedPull[]>;
  /** Whether that changed anything. */
  addPull(id: number, pull: LinkedPull): Promise<boolean>;
  removePull(id: number, pull: LinkedPull): Promise<boolean>;
}

const GITHUB = 'https://github.com/';

/** `tracker`: the number that the installation gives to GitHub, where it needs one. */
export function bugzillaOver(client: RestClient, tracker = 0): Bugzilla {
  const ask = (method: string, path: string, body?: unknown) => answered(client, method, path, body);
  const oneOf = async <T extends z.ZodType>(id: number, fields: string, schema: T): Promise<z.output<T>> => {
    const query = fields.split(',').map((field) => `include_fields=${field}`);
    const { bugs } = readAnswer(
      z.looseObject({ bugs: z.array(schema) }),
      await ask('GET', `/rest/bug/${id}?${query.join('&')}`),
    );
    const [bug] = bugs;
    if (bug === undefined || bugs.length !== 1)
      throw new CutwaterError('invalid', `did not get one bug, but ${bugs.length}`);
    return bug as z.output<T>;
  };
  return {
    url: client.url,
    bug: (id) => oneOf(id, '_default,flags', Bug),
    async update(id, update) {
      await ask('PUT', `/rest/bug/${id}`, update);
    },
    create: async (bug) => readAnswer(z.looseObject({ id: z.number() }), await ask('POST', '/rest/bug', bug)).id,
    async createdSince(summary, since) {
      const query = new URLSearchParams({ summary, creation_time: since.toISOString(), include_fields: 'id,summary' });
      const found = readAnswer(z.looseObject({ bugs: z.array(Bug) }), await ask('GET', `/rest/bug?${query}`));
      return found.bugs.findLast((bug) => bug.summary === summary)?.id;
    },
    async comments(id) {
      const Answer = z.looseObject({ bugs: z.record(z.string(), z.looseObject({ comments: z.array(BugComment) })) });
      return readAnswer(Answer, await ask('GET', `/rest/bug/${id}/comment`)).bugs[String(id)]?.comments ?? [];
    },
    async comment(id, comment) {
      await ask('POST', `/rest/bug/${id}/comment`, { id, comment, is_private: true });
    },
    async subComponents(id) {
      const Fields = z.looseObject({ sub_components: z.record(z.string(), z.array(z.string())).default({}) });
      return (await oneOf(id, 'sub_components', Fields)).sub_components;
    },
    async pulls(id) {
      const Fields = z.looseObject({ external_bugs: z.array(ExternalBug).default([]) });
      const { external_bugs: all } = await oneOf(id, 'external_bugs', Fields);
      return all
        .filter(({ bug_id, type }) => bug_id === id && type.url === GITHUB)
        .flatMap(({ ext_bz_bug_id }) => pullOf(ext_bz_bug_id) ?? []);
    },
    async addPull(id, pull) {
      const place = tracker === 0 ? { ext_type_url: GITHUB } : { ext_type_id: tracker };
      const external = { ...place, ext_bz_bug_id: identifier(pull) };
      const known = {
        code: 100500,
        words: 'duplicate key value violates unique constraint "ext_bz_bug_map_bug_id_idx"',
      };
      const Result = z.looseObject({
        bugs: z.array(z.looseObject({ id: z.number(), changes: z.unknown() })).default([]),
      });
      const result = await rpc(ask, 'add_external_bug', { bug_ids: [id], external_bugs: [external] }, known);
      const { bugs } = readAnswer(Result, result ?? {});
      return bugs.some((bug) => bug.id === id && JSON.stringify(bug.changes ?? {}).includes(identifier(pull)));
    },
    async removePull(id, pull) {
      const known = { code: 1006, words: 'No external tracker bugs were found that matched your criteria' };
      const external = { ext_type_url: GITHUB, ext_bz_bug_id: identifier(pull) };
      const Result = z.looseObject({
        external_bugs: z.array(z.looseObject({ ext_bz_bug_id: z.string() })).default([]),
      });
      const result = await rpc(ask, 'remove_external_bug', { bug_ids: [id], ...external }, known);
      return readAnswer(Result, result ?? {}).external_bugs.some(
        ({ ext_bz_bug_id }) => ext_bz_bug_id === identifier(pull),
      );
    },
  };
}

const Failure = z.looseObject({ error: z.literal(true), code: z.number().default(0), message: text });

/** Bugzilla answers errors with any status, 200 included. */
async function answered(client: RestClient, method: string, path: string, body?: unknown): Promise<unknown> {
  try {
    const answer = await client.request(method, path, body);
    const failure = Failure.safeParse(answer);
    if (!failure.success) return answer;
    throw new CutwaterError('invalid', inWords(failure.data));
  } catch (error) {
    const { answer, code } = error as { answer?: string; code?: ErrorCode };
    if (answer === undefined || hasCode(error, 'transient')) throw error;
    const failure = Failure.safeParse(parsed(answer));
    throw failure.success ? new CutwaterError(code ?? 'invalid', inWords(failure.data), { cause: error }) : error;
  }
}

function inWords({ code, message }: z.output<typeof Failure>): string {
  return code === 0 ? message : `code ${code}: ${message}`;
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

const RpcAnswer = z.looseObject({
  error: z.looseObject({ code: z.number(), message: text }).nullish(),
  result: z.unknown().optional(),
});

/** The extension speaks JSON-RPC 1.0. Gives nothing where it says that all is as it should be already. */
async function rpc(
  ask: Ask,
  method: string,
  parameters: object,
  known: { code: number; words: string },
): Promise<unknown> {
  const call = { jsonrpc: '1.0', method: `ExternalBugs.${method}`, id: 'identifier', params: [parameters] };
  const { error, result } = readAnswer(RpcAnswer, await ask('POST', '/jsonrpc.cgi', call));
  if (!error) return result;
  if (error.code === known.code && error.message.includes(known.words)) return undefined;
  throw new CutwaterError('invalid', `JSONRPC error ${error.code}: ${error.message}`);
}

function identifier({ org, repo, number }: LinkedPull): string {
  return `${org}/${repo}/pull/${number}`;
}

/** People paste addresses of a pull request's other pages as well. */
function pullOf(id: string): LinkedPull | undefined {
  const [, org, repo, number] = /^([^/]+)\/([^/]+)\/pull\/(\d+)(?:\/|\/files\/?)?$/.exec(id) ?? [];
  return org !== undefined && repo !== undefined ? { org, repo, number: Number(number) } : undefined;
}
