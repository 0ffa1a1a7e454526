import { GraphQLError } from 'graphql';

/** An error as GitHub's GraphQL has it, with its `type` beside the message. */
export class GraphqlFailure extends GraphQLError {
  readonly type: string;

  constructor(type: 'NOT_FOUND' | 'FORBIDDEN' | 'UNPROCESSABLE' | 'INSUFFICIENT_SCOPES', message: string) {
    super(message);
    this.type = type;
  }
}

export function unresolved(what: string): GraphqlFailure {
  return new GraphqlFailure('NOT_FOUND', `Could not resolve to ${what}.`);
}
