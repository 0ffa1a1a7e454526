import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import type { ProwJobFilter } from '../api/store.ts';
import type { JobFacts } from './filter.ts';

/** No column of its own: files that are there already get by with an index over the job's text. */
const BUILD_ID = "json_extract(body, '$.status.build_id')";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS prowjobs (
    name TEXT PRIMARY KEY, start INTEGER NOT NULL, state TEXT NOT NULL, type TEXT NOT NULL, job TEXT NOT NULL,
    org TEXT NOT NULL, repo TEXT NOT NULL, pulls TEXT NOT NULL, labels TEXT NOT NULL, active INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS prowjobs_start ON prowjobs (start DESC, name DESC);
  CREATE INDEX IF NOT EXISTS prowjobs_state ON prowjobs (state, start DESC, name DESC);
  CREATE INDEX IF NOT EXISTS prowjobs_job ON prowjobs (job, start DESC, name DESC);
  CREATE INDEX IF NOT EXISTS prowjobs_repo ON prowjobs (org, repo, start DESC, name DESC);
  CREATE INDEX IF NOT EXISTS prowjobs_build ON prowjobs (${BUILD_ID}, start DESC, name DESC);
  CREATE INDEX IF NOT EXISTS prowjobs_active ON prowjobs (name) WHERE active = 1;
  CREATE TABLE IF NOT EXISTS version (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), value INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO version VALUES (1, 0);
`;

export interface Row {
  name: string;
  start: number;
  labels: string;
  body: string;
}

/** The statements of the embedded store. Every write counts the version up in the same transaction. */
export class Tables {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  /** Opens or makes the file. A file that another process has open is a `config` error: two controllers would run each job twice. */
  constructor(path: string) {
    try {
      this.db = new DatabaseSync(path, { timeout: 2_000 });
      this.db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      this.db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
    } catch (error) {
      const reason = messageOf(error);
      const hint = reason.includes('locked') ? ': another cutwater runs on this folder' : '';
      throw new CutwaterError('config', `${path}: can not be opened: ${reason}${hint}`, { cause: error });
    }
  }

  version(): number {
    return (this.prepared('SELECT value FROM version').get() as { value: number }).value;
  }

  get(name: string): string | undefined {
    const row = this.prepared('SELECT body FROM prowjobs WHERE name = ?').get(name) as { body: string } | undefined;
    return row?.body;
  }

  active(): string[] {
    const rows = this.prepared('SELECT body FROM prowjobs WHERE active = 1').all() as unknown as { body: string }[];
    return rows.map((row) => row.body);
  }

  put(version: number, facts: JobFacts, body: string): void {
    const { name, start, state, type, job, org, repo, pulls, labels, active } = facts;
    this.transaction(version, () =>
      this.prepared('INSERT OR REPLACE INTO prowjobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
        name,
        start,
        state,
        type,
        job,
        org,
        repo,
        `,${pulls.join(',')},`,
        JSON.stringify(labels),
        active ? 1 : 0,
        body,
      ),
    );
  }

  remove(version: number, name: string): void {
    this.transaction(version, () => this.prepared('DELETE FROM prowjobs WHERE name = ?').run(name));
  }

  /** At most `limit` rows that the filter's columns match (labels are not among them), newest first, after the given key. */
  page(filter: ProwJobFilter, after: { start: number; name: string } | undefined, limit: number): Row[] {
    const where: [string, ...(string | number)[]][] = [];
    const oneOf = (column: string, values: readonly string[] | undefined) => {
      if (values) where.push([`${column} IN (${values.map(() => '?').join(', ')})`, ...values]);
    };
    oneOf('state', filter.states);
    oneOf('type', filter.types);
    oneOf('job', filter.job === undefined ? undefined : [filter.job]);
    oneOf('org', filter.org === undefined ? undefined : [filter.org]);
    oneOf('repo', filter.repo === undefined ? undefined : [filter.repo]);
    if (filter.buildId !== undefined) where.push([`${BUILD_ID} = ?`, filter.buildId]);
    if (filter.pull !== undefined) where.push(['instr(pulls, ?)', `,${filter.pull},`]);
    if (after) where.push(['(start, name) < (?, ?)', after.start, after.name]);
    const condition = where.length === 0 ? '' : `WHERE ${where.map(([text]) => text).join(' AND ')}`;
    const sql = `SELECT name, start, labels, body FROM prowjobs ${condition} ORDER BY start DESC, name DESC LIMIT ?`;
    const values = where.flatMap(([, ...parameters]) => parameters);
    return this.prepared(sql).all(...values, limit) as unknown as Row[];
  }

  close(): void {
    this.db.close();
  }

  private transaction(version: number, write: () => void): void {
    try {
      this.db.exec('BEGIN IMMEDIATE');
      this.prepared('UPDATE version SET value = ?').run(version);
      write();
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw new CutwaterError('transient', `ProwJob not written: ${messageOf(error)}`, { cause: error });
    }
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}
