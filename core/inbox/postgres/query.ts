import type { QueryResult, QueryResultRow } from 'pg';

/** Asks the database; errors are CutwaterError `transient`. */
export type Query = <R extends QueryResultRow>(sql: string, values?: unknown[]) => Promise<QueryResult<R>>;
