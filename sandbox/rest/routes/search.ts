import type { Account } from '../../model/records.ts';
import { Refusal } from '../../model/refusal.ts';
import { parseSearch, searchIssues } from '../../model/search.ts';
import { presentAccount } from '../../present/accounts.ts';
import { presentIssue } from '../../present/issues.ts';
import { presentRepo } from '../../present/repos.ts';
import type { Answer, Call, Routes } from '../call.ts';
import { paged } from '../page.ts';
import { callerPermission } from '../scope.ts';
import { visibleRepos } from './repos.ts';

/** GitHub gives no more than this many results of one search. */
const MOST = 1000;

function found<T>(call: Call, list: readonly T[], present: (item: T) => Record<string, unknown>): Answer {
  return paged(
    call,
    list.slice(0, MOST),
    (it) => ({ ...present(it), score: 1 }),
    (items) => ({ total_count: list.length, incomplete_results: false, items }),
  );
}

function queryOf(call: Call): string {
  const query = call.query.get('q') ?? '';
  if (query.trim() !== '') return query;
  throw new Refusal(422, 'Validation Failed', [{ resource: 'Search', field: 'q', code: 'missing' }]);
}

function issues(call: Call): Answer {
  const { world, query } = call;
  const parsed = parseSearch(queryOf(call));
  const search = {
    ...parsed,
    sort: query.get('sort') ?? parsed.sort,
    ascending: query.has('order') ? query.get('order') === 'asc' : parsed.ascending,
  };
  const list = searchIssues(
    world,
    search,
    (id) => callerPermission(world, call.caller, world.repos.need(id)) !== 'none',
  );
  return found(call, list, (it) => presentIssue(world, it));
}

/** Words of a search without its qualifiers. */
function words(text: string): string[] {
  return parseSearch(text)
    .terms.filter((it) => it.name === '')
    .map((it) => it.value.toLowerCase());
}

export const searchRoutes: Routes = {
  'GET /search/issues': issues,
  'GET /search/repositories': (call) => {
    const wanted = words(queryOf(call));
    const owners = parseSearch(queryOf(call))
      .terms.filter((it) => it.name === 'org' || it.name === 'user')
      .map((it) => it.value.toLowerCase());
    const list = visibleRepos(call, (it) => {
      const owner = call.world.accounts.need(it.ownerId).login.toLowerCase();
      return (
        (owners.length === 0 || owners.includes(owner)) && wanted.every((word) => it.name.toLowerCase().includes(word))
      );
    });
    return found(call, list, (it) => presentRepo(call.world, it));
  },
  'GET /search/users': (call) => {
    const wanted = words(queryOf(call));
    const text = (it: Account) => `${it.login} ${it.name ?? ''} ${it.email ?? ''}`.toLowerCase();
    const list = call.world.accounts
      .all()
      .filter((it) => it.type !== 'Bot' && wanted.every((word) => text(it).includes(word)));
    return found(call, list, (it) => presentAccount(call.world, it));
  },
};
