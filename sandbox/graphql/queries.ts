import { accountByLogin, repoByName } from '../model/lookup.ts';
import type { Account } from '../model/records.ts';
import { parseSearch, searchIssues } from '../model/search.ts';
import { actorNode } from './actors.ts';
import { connection, type Node, type PageArgs } from './connection.ts';
import { type Context, canRead } from './context.ts';
import { GraphqlFailure, unresolved } from './failure.ts';
import { issueOrPullNode } from './issues.ts';
import { nodeById } from './nodes.ts';
import { repositoryNode } from './repository.ts';

/** GitHub gives no more than this many results of one search. */
const MOST_RESULTS = 1000;

function viewer(context: Context): Account {
  const { account } = context.caller;
  if (!account) throw new GraphqlFailure('FORBIDDEN', 'Resource not accessible by integration');
  return account;
}

function account(context: Context, login: string, type: Account['type'], what: string): Node {
  const found = accountByLogin(context.world, login);
  if (found?.type !== type) throw unresolved(`${what} with the login of '${login}'`);
  return actorNode(context, found);
}

interface SearchArgs extends PageArgs {
  query: string;
  type: string;
}

function search(context: Context, args: SearchArgs): Node {
  const { world } = context;
  const counts = { issueCount: 0, repositoryCount: 0, userCount: 0, discussionCount: 0, wikiCount: 0, codeCount: 0 };
  if (args.type === 'ISSUE' || args.type === 'ISSUE_ADVANCED') {
    const found = searchIssues(world, parseSearch(args.query), (id) => canRead(context, world.repos.need(id)));
    return connection(found.slice(0, MOST_RESULTS), args, (it) => issueOrPullNode(context, it), {
      ...counts,
      issueCount: found.length,
    });
  }
  const words = args.query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && !/^(in|type):/.test(word));
  if (args.type === 'REPOSITORY') {
    const found = world.repos
      .all()
      .filter((it) => canRead(context, it) && words.every((word) => it.name.toLowerCase().includes(word)));
    return connection(found, args, (it) => repositoryNode(context, it), { ...counts, repositoryCount: found.length });
  }
  const text = (it: Account) => `${it.login} ${it.name ?? ''} ${it.email ?? ''}`.toLowerCase();
  const found = world.accounts
    .all()
    .filter((it) => it.type === 'User' && words.every((word) => text(it).includes(word)));
  return connection(found, args, (it) => actorNode(context, it), { ...counts, userCount: found.length });
}

/** The fields of `Query` that bots use. */
export function queries(context: Context): Node {
  const { world, limits, caller } = context;
  return {
    viewer: () => actorNode(context, viewer(context)),
    rateLimit: () => limits.graphql(caller),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repo = repoByName(world, owner, name);
      if (!repo || !canRead(context, repo)) throw unresolved(`a Repository with the name '${owner}/${name}'`);
      return repositoryNode(context, repo);
    },
    organization: ({ login }: { login: string }) => account(context, login, 'Organization', 'an Organization'),
    user: ({ login }: { login: string }) => account(context, login, 'User', 'a User'),
    repositoryOwner: ({ login }: { login: string }) => {
      const found = accountByLogin(world, login);
      return found ? actorNode(context, found) : null;
    },
    node: ({ id }: { id: string }) => nodeById(context, id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => nodeById(context, id)),
    search: (args: SearchArgs) => search(context, args),
  };
}
