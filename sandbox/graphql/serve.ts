import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { buildSchema, type GraphQLError, graphql } from 'graphql';
import { Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import { authenticate } from '../rest/auth.ts';
import type { Caller } from '../rest/call.ts';
import type { RateLimits } from '../rest/limits.ts';
import { GraphqlFailure } from './failure.ts';
import { pullNode } from './issues.ts';
import { mutations } from './mutations.ts';
import { queries } from './queries.ts';
import { refNode, repositoryNode } from './repository.ts';

/** Answers one GraphQL request. */
export type GraphqlHandler = (
  authorization: string | undefined,
  body: string,
  response: ServerResponse,
) => Promise<void>;

/** GitHub's published schema, from beside the package's module, which would load it twice; at the first request, since it is large. */
async function loadSchema(): Promise<GraphQLSchema> {
  const text = await readFile(new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema')), 'utf8');
  return buildSchema(text, { assumeValid: true, noLocation: true });
}

export function createGraphqlHandler(world: World, limits: RateLimits): GraphqlHandler {
  let loading: Promise<GraphQLSchema> | undefined;
  return async (authorization, body, response) => {
    const caller = identify(world, authorization);
    if (caller instanceof Refusal)
      return reply(response, 401, { message: caller.message, documentation_url: 'https://docs.github.com/graphql' });
    const request = parse(body);
    if (!request) return reply(response, 400, { message: 'Problems parsing JSON' });
    const headers = limits.count(caller, 'graphql', 1);
    loading ??= loadSchema();
    const schema = await loading;
    const context = { world, caller, limits, nodes: { repository: repositoryNode, pull: pullNode, ref: refNode } };
    const result = await graphql({
      schema,
      source: request.query,
      rootValue: { ...queries(context), ...mutations(context) },
      variableValues: request.variables,
      ...(request.operationName ? { operationName: request.operationName } : {}),
    });
    world.flush();
    const errors = result.errors?.map(presentError);
    reply(
      response,
      200,
      { ...(result.data === undefined ? {} : { data: result.data }), ...(errors ? { errors } : {}) },
      headers,
    );
  };
}

function identify(world: World, authorization: string | undefined): Caller | Refusal {
  try {
    const caller = authenticate(world, authorization);
    return caller.kind === 'anonymous' ? new Refusal(401, 'This endpoint requires you to be authenticated.') : caller;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

function parse(body: string): GraphqlRequest | undefined {
  try {
    const { query, variables, operationName } = JSON.parse(body);
    return typeof query === 'string'
      ? { query, variables: variables ?? {}, operationName: operationName ?? undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

/** GitHub puts `type` beside the message, where graphql-js knows only `extensions`. */
function presentError(error: GraphQLError): Record<string, unknown> {
  const cause = error instanceof GraphqlFailure ? error : error.originalError;
  const type = cause instanceof GraphqlFailure ? cause.type : cause instanceof Refusal ? typeOf(cause) : undefined;
  const { message, path, locations } = error;
  return { ...(type ? { type } : {}), ...(path ? { path } : {}), ...(locations ? { locations } : {}), message };
}

function typeOf(refusal: Refusal): string {
  return { 403: 'FORBIDDEN', 404: 'NOT_FOUND' }[refusal.status] ?? 'UNPROCESSABLE';
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}
