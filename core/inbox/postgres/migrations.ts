import type { ClientBase } from 'pg';

/**
 * One step a version; the database remembers which it has had. Released steps never change. Order within a key holds because `inbox_put` takes the key's lock
 * until its row is committed, and because one `inbox_claim` runs at a time.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE inbox_entries (
     seq bigserial PRIMARY KEY, delivery text NOT NULL UNIQUE, event text NOT NULL, key text NOT NULL, headers text NOT NULL, payload bytea NOT NULL,
     size integer NOT NULL, state text NOT NULL, owner text, reason text NOT NULL DEFAULT '', attempts integer NOT NULL DEFAULT 0,
     crashes integer NOT NULL DEFAULT 0, received_at bigint NOT NULL, finished_at bigint);
   CREATE INDEX inbox_open_by_key ON inbox_entries (key, seq) WHERE state IN ('waiting', 'running');
   CREATE INDEX inbox_waiting ON inbox_entries (seq) WHERE state = 'waiting';
   CREATE INDEX inbox_running ON inbox_entries (owner) WHERE state = 'running';
   CREATE INDEX inbox_finished ON inbox_entries (finished_at) WHERE state = 'done';
   CREATE TABLE inbox_progress (delivery text NOT NULL, plugin text NOT NULL, PRIMARY KEY (delivery, plugin));
   CREATE TABLE inbox_journal (id bigserial PRIMARY KEY, delivery text NOT NULL, plugin text NOT NULL, record text NOT NULL);
   CREATE INDEX inbox_journal_of ON inbox_journal (delivery, plugin, id);
   CREATE TABLE inbox_replicas (name text PRIMARY KEY, seen_at timestamptz NOT NULL);

   CREATE FUNCTION inbox_put(d text, e text, k text, h text, p bytea, at bigint, me text, start boolean) RETURNS TABLE (new_state text, new_seq bigint)
   LANGUAGE plpgsql AS $$ BEGIN
     PERFORM pg_advisory_xact_lock(hashtextextended(k, 1));
     RETURN QUERY INSERT INTO inbox_entries AS i (delivery, event, key, headers, payload, size, received_at, state, owner)
       SELECT d, e, k, h, p, length(p), at, CASE WHEN free THEN 'running' ELSE 'waiting' END, CASE WHEN free THEN me END
       FROM (SELECT start AND NOT EXISTS (SELECT 1 FROM inbox_entries o
         WHERE o.key = k AND o.state IN ('waiting', 'running') AND o.owner IS DISTINCT FROM me) AS free) f
       ON CONFLICT (delivery) DO NOTHING RETURNING i.state, i.seq;
   END $$;

   CREATE FUNCTION inbox_claim(me text, most integer) RETURNS SETOF inbox_entries LANGUAGE plpgsql AS $$ BEGIN
     PERFORM pg_advisory_xact_lock(5019273, 1);
     RETURN QUERY UPDATE inbox_entries SET state = 'running', owner = me WHERE seq IN (
       SELECT seq FROM inbox_entries e WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM inbox_entries o
         WHERE o.key = e.key AND o.state = 'running' AND o.owner <> me AND o.seq < e.seq) ORDER BY seq LIMIT most) RETURNING *;
   END $$;

   CREATE FUNCTION inbox_take_back(dead text[], most_crashes integer, most_attempts integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
     UPDATE inbox_entries SET attempts = attempts + 1 WHERE seq IN
       (SELECT min(seq) FROM inbox_entries WHERE state = 'running' AND owner = ANY (dead) GROUP BY key);
     UPDATE inbox_entries SET state = 'waiting', owner = NULL WHERE state = 'running' AND owner = ANY (dead);
     UPDATE inbox_entries SET state = 'aside', finished_at = extract(epoch FROM now()) * 1000,
         reason = 'the process died while handling it, ' || attempts || ' times'
       WHERE state = 'waiting' AND (crashes >= most_crashes OR attempts >= most_attempts);
   END $$;`,
  // The older inbox_put and inbox_take_back stay for replicas that have not been updated yet.
  `CREATE TABLE inbox_facts (key text NOT NULL, field text NOT NULL, value text NOT NULL, at bigint NOT NULL, PRIMARY KEY (key, field));
   CREATE TABLE inbox_turns (task text PRIMARY KEY, owner text NOT NULL, until timestamptz NOT NULL);

   ALTER TABLE inbox_entries ADD COLUMN begun boolean NOT NULL DEFAULT false;

   CREATE FUNCTION inbox_take_back(dead text[], most_crashes integer, most_attempts integer, suspect integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
     UPDATE inbox_entries SET attempts = attempts + 1 WHERE (attempts < suspect OR begun) AND seq IN
       (SELECT min(seq) FROM inbox_entries WHERE state = 'running' AND owner = ANY (dead) GROUP BY key);
     UPDATE inbox_entries SET state = 'waiting', owner = NULL, begun = false WHERE state = 'running' AND owner = ANY (dead);
     UPDATE inbox_entries SET state = 'aside', finished_at = extract(epoch FROM now()) * 1000,
         reason = 'the process died while handling it, ' || attempts || ' times'
       WHERE state = 'waiting' AND (crashes >= most_crashes OR attempts >= most_attempts);
   END $$;

   CREATE FUNCTION inbox_remember(facts jsonb) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO inbox_facts AS o SELECT key, field, value, at FROM jsonb_to_recordset(facts) n (key text, field text, value text, at bigint, told boolean)
       WHERE told ORDER BY key, field ON CONFLICT (key, field) DO UPDATE SET value = excluded.value, at = excluded.at WHERE excluded.at >= o.at;
     INSERT INTO inbox_facts SELECT key, field, value, at FROM jsonb_to_recordset(facts) n (key text, field text, value text, at bigint, told boolean)
       WHERE NOT told ORDER BY key, field ON CONFLICT DO NOTHING;
   END $$;

   CREATE FUNCTION inbox_put(d text, e text, k text, h text, p bytea, at bigint, me text, start boolean, twin text, missed boolean, facts jsonb)
   RETURNS TABLE (new_state text, new_seq bigint) LANGUAGE plpgsql AS $$ BEGIN
     PERFORM pg_advisory_xact_lock(hashtextextended(k, 1));
     IF EXISTS (SELECT 1 FROM inbox_entries WHERE delivery = twin) THEN RETURN; END IF;
     IF missed AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(facts) n (key text, field text, value text, told boolean) WHERE told
       AND NOT EXISTS (SELECT 1 FROM inbox_facts o WHERE o.key = n.key AND o.field = n.field AND o.value = n.value)) THEN RETURN; END IF;
     RETURN QUERY SELECT * FROM inbox_put(d, e, k, h, p, at, me, start);
     IF FOUND THEN PERFORM inbox_remember(facts); END IF;
   END $$;`,
  // The letters to external plugins. Who takes them over is who takes over the deliveries; whoever takes letters says that it lives.
  `CREATE TABLE outbox_letters (
     seq bigserial PRIMARY KEY, plugin text NOT NULL, endpoint text NOT NULL, key text NOT NULL, repo text NOT NULL, delivery text NOT NULL,
     event text NOT NULL, state text NOT NULL DEFAULT 'waiting', owner text, reason text NOT NULL DEFAULT '', size integer NOT NULL,
     received_at bigint NOT NULL, changed_at bigint NOT NULL, headers text NOT NULL, payload bytea NOT NULL,
     UNIQUE (delivery, plugin, endpoint));
   CREATE INDEX outbox_free ON outbox_letters (seq) WHERE state = 'waiting' AND owner IS NULL;
   CREATE INDEX outbox_owned ON outbox_letters (owner, seq) WHERE state = 'waiting';
   CREATE INDEX outbox_waiting_by_key ON outbox_letters (plugin, key) WHERE state = 'waiting';
   CREATE INDEX outbox_left ON outbox_letters (changed_at) WHERE state IN ('dead', 'sent');

   CREATE FUNCTION outbox_claim(me text) RETURNS SETOF outbox_letters LANGUAGE plpgsql AS $$ BEGIN
     PERFORM pg_advisory_xact_lock(5019273, 2);
     INSERT INTO inbox_replicas VALUES (me, now()) ON CONFLICT (name) DO UPDATE SET seen_at = now();
     RETURN QUERY UPDATE outbox_letters SET owner = me WHERE seq IN (
       SELECT seq FROM outbox_letters l WHERE state = 'waiting' AND owner IS NULL AND NOT EXISTS (SELECT 1 FROM outbox_letters o
         WHERE o.plugin = l.plugin AND o.key = l.key AND o.state = 'waiting' AND o.owner <> me)) RETURNING *;
   END $$;

   CREATE OR REPLACE FUNCTION inbox_take_back(dead text[], most_crashes integer, most_attempts integer, suspect integer) RETURNS void
   LANGUAGE plpgsql AS $$ BEGIN
     UPDATE outbox_letters SET owner = NULL WHERE state = 'waiting' AND owner = ANY (dead);
     UPDATE inbox_entries SET attempts = attempts + 1 WHERE (attempts < suspect OR begun) AND seq IN
       (SELECT min(seq) FROM inbox_entries WHERE state = 'running' AND owner = ANY (dead) GROUP BY key);
     UPDATE inbox_entries SET state = 'waiting', owner = NULL, begun = false WHERE state = 'running' AND owner = ANY (dead);
     UPDATE inbox_entries SET state = 'aside', finished_at = extract(epoch FROM now()) * 1000,
         reason = 'the process died while handling it, ' || attempts || ' times'
       WHERE state = 'waiting' AND (crashes >= most_crashes OR attempts >= most_attempts);
   END $$;`,
];

/** Brings the database to the newest version; of replicas that start together one does it and the others wait. */
export async function migrate(client: ClientBase, steps = MIGRATIONS): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(5019273, 0)');
  await client.query('CREATE TABLE IF NOT EXISTS inbox_migrations (version integer PRIMARY KEY)');
  const { rows } = await client.query<{ version: number | null }>(
    'SELECT max(version) AS version FROM inbox_migrations',
  );
  const version = rows[0]?.version ?? 0;
  if (version > steps.length) throw new Error('the inbox was written by a newer version of cutwater');
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    await client.query(step);
    await client.query('INSERT INTO inbox_migrations (version) VALUES ($1)', [index + 1]);
  }
  await client.query('COMMIT');
}
