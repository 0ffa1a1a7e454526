import { issueOf, orMissing, port, read, repoOf, state, write } from './port.ts';

export interface RepoLabel {
  name: string;
  color: string;
  description: string;
}

/** One time that a label was added or removed. */
export interface LabelEvent {
  label: string;
  action: 'labeled' | 'unlabeled';
  actor: string;
  at: string;
}

const NEW_COLOR = 'ededed';
const isSame = (name: string, other: string) => name.toLowerCase() === other.toLowerCase();
const missing = (names: readonly string[], list: readonly string[]) =>
  names.filter((name) => !list.some((other) => isSame(name, other)));

/** The labels of an issue or pull request, and those that the repository has. Names compare without regard to case, as on GitHub. */
export const labels = port(
  'labels',
  { issues: 'write', pull_requests: 'write' },
  {
    list: state(async (gh, at): Promise<string[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        ...issueOf(at),
        per_page: 100,
      });
      return found.map(({ name }) => name);
    }),
    add: write(
      async (gh, at, ...names: string[]): Promise<void> => {
        if (names.length === 0) return;
        await gh.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issueOf(at), labels: names });
      },
      {
        forgets: ['labels.history'],
        changes: {
          'labels.list': (before: string[], _write, ...names) => [...before, ...missing(names, before)],
          // GitHub makes a label that the repository has not got.
          'labels.catalog': (before: RepoLabel[], _write, ...names) => [
            ...before,
            ...missing(
              names,
              before.map(({ name }) => name),
            ).map((name) => ({ name, color: NEW_COLOR, description: '' })),
          ],
        },
      },
    ),
    /** Removing what is not there is done already. */
    remove: write(
      async (gh, at, name: string): Promise<void> => {
        await orMissing(
          gh.request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', { ...issueOf(at), name }),
        );
      },
      {
        forgets: ['labels.history'],
        changes: {
          'labels.list': (before: string[], _write, gone) => before.filter((name) => !isSame(name, gone)),
        },
      },
    ),
    /** The labels that the repository has. */
    catalog: read(async (gh, at): Promise<RepoLabel[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/labels', { ...repoOf(at), per_page: 100 });
      return found.map(({ name, color, description }) => ({ name, color, description: description ?? '' }));
    }),
    /** Who added and removed which label, oldest first. */
    history: state(async (gh, at): Promise<LabelEvent[]> => {
      const events = await gh.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
        ...issueOf(at),
        per_page: 100,
      });
      return events.flatMap((event) => {
        if (event.event !== 'labeled' && event.event !== 'unlabeled') return [];
        const label = 'label' in event ? event.label.name : '';
        return [{ label, action: event.event, actor: event.actor?.login ?? '', at: event.created_at }];
      });
    }),
  },
);
