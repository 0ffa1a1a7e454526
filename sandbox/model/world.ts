import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './changes.ts';
import { ChangeFeed } from './changes.ts';
import type { DiskJournal } from './journal.ts';
import { openJournal } from './journal.ts';
import type * as r from './records.ts';
import type { Journal, Keyed } from './table.ts';
import { Table } from './table.ts';

function makeTables(journal: Journal) {
  return {
    accounts: new Table<r.Account>('account', journal, { key: (it) => it.login.toLowerCase() }),
    memberships: new Table<r.Membership>('membership', journal, { group: (it) => it.orgId }),
    teams: new Table<r.Team>('team', journal, { group: (it) => it.orgId }),
    repos: new Table<r.Repo>('repo', journal),
    labels: new Table<r.Label>('label', journal, { group: (it) => it.repoId }),
    milestones: new Table<r.Milestone>('milestone', journal, { group: (it) => it.repoId }),
    issues: new Table<r.Issue>('issue', journal, {
      group: (it) => it.repoId,
      key: (it) => `${it.repoId}#${it.number}`,
    }),
    comments: new Table<r.Comment>('comment', journal, { group: (it) => it.issueId }),
    reviews: new Table<r.Review>('review', journal, { group: (it) => it.issueId }),
    reviewComments: new Table<r.ReviewComment>('reviewComment', journal, { group: (it) => it.issueId }),
    statuses: new Table<r.Status>('status', journal, { group: (it) => `${it.repoId}@${it.sha}` }),
    checkSuites: new Table<r.CheckSuite>('checkSuite', journal, { group: (it) => `${it.repoId}@${it.headSha}` }),
    checkRuns: new Table<r.CheckRun>('checkRun', journal, { group: (it) => `${it.repoId}@${it.headSha}` }),
    workflowRuns: new Table<r.WorkflowRun>('workflowRun', journal, { group: (it) => it.repoId }),
    events: new Table<r.IssueEvent>('event', journal, { group: (it) => it.issueId }),
    reactions: new Table<r.Reaction>('reaction', journal, { group: (it) => `${it.subject}/${it.subjectId}` }),
    invitations: new Table<r.Invitation>('invitation', journal),
    apps: new Table<r.App>('app', journal),
    installations: new Table<r.Installation>('installation', journal),
    tokens: new Table<r.Token>('token', journal, { key: (it) => it.value }),
    hooks: new Table<r.Hook>('hook', journal, { group: (it) => `${it.target}/${it.targetId}` }),
    deliveries: new Table<r.Delivery>('delivery', journal, { group: (it) => it.hookId }),
    projects: new Table<r.Project>('project', journal),
    prepared: new Table<r.Prepared>('prepared', journal, { group: (it) => it.repoId }),
    changes: new Table<Change>('change', journal),
    marks: new Table<r.Mark>('mark', journal),
  };
}

type Tables = ReturnType<typeof makeTables>;

/** Where this GitHub is reached; fixed once its listener is open. */
interface Urls {
  /** `http://127.0.0.1:8080`: pages and git. */
  html: string;
  /** `http://127.0.0.1:8080/api/v3` */
  api: string;
  graphql: string;
}

/** The whole state of the sandbox, durable in `dataDir`. Everything that happens goes through `actions/`. */
export interface World extends Tables {
  readonly dataDir: string;
  readonly urls: Urls;
  readonly feed: ChangeFeed;
  /** Hears of every new delivery; the webhook sender sets it. */
  onDelivery: (delivery: r.Delivery) => void;
  nextId(): number;
  /** GitHub's time format, whole seconds. */
  now(): string;
  flush(): void;
  /** Forgets everything, repositories included; the caller seeds anew. */
  clear(): World;
  close(): void;
}

/** The last id that was given out, one row. */
interface Sequence {
  id: number;
  last: number;
}

function load(journal: DiskJournal, tables: object): void {
  const byKind = new Map<string, Table<Keyed>>();
  for (const table of Object.values(tables)) byKind.set(table.kind, table);
  for (const { kind, record } of journal.read()) byKind.get(kind)?.load(record);
}

/** Opens the state kept in a folder, empty where the folder is new. */
export function openWorld(dataDir: string): World {
  const journal = openJournal(dataDir);
  const tables = makeTables(journal);
  const sequences = new Table<Sequence>('sequence', journal);
  load(journal, { ...tables, sequences });
  const sequence = sequences.get(1) ?? { id: 1, last: 1000 };
  const feed = new ChangeFeed(tables.changes);
  feed.resume();
  return {
    ...tables,
    dataDir,
    feed,
    urls: { html: '', api: '', graphql: '' },
    onDelivery: () => undefined,
    nextId() {
      sequence.last += 1;
      return sequences.put(sequence).last;
    },
    now: () => new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    flush: journal.flush,
    clear(): World {
      for (const table of Object.values(tables)) table.clear();
      rmSync(join(dataDir, 'repositories'), { recursive: true, force: true });
      journal.flush();
      return this;
    },
    close: journal.close,
  };
}
