import type { ServerResponse } from 'node:http';
import type { World } from '../model/world.ts';
import type { RateLimits } from '../rest/limits.ts';

/** Answers one GraphQL request. */
export type GraphqlHandler = (
  authorization: string | undefined,
  body: string,
  response: ServerResponse,
) => Promise<void>;

export function createGraphqlHandler(world: World, limits: RateLimits): GraphqlHandler {
  return async (authorization, body, response) => {
    void world;
    void limits;
    void authorization;
    void body;
    response.writeHead(501).end();
  };
}
