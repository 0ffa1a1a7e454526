import { z } from 'zod';

/** One key of plugins.yaml, with the schema that its value must fit; parsing what is absent (undefined) yields the defaults. */
export interface PluginSection {
  key: string;
  schema: z.ZodType;
}

/** A plugin's settings: the sections of plugins.yaml that they stand in, and what of them holds for one repository. */
export interface Settings<S = unknown> {
  sections: readonly PluginSection[];
  /** `section` gives the parsed value of one of `sections`. */
  forRepo(section: (key: string) => unknown, org: string, repo: string): S;
  /** What holds for a repository, in words, for /plugin-help (HTML is allowed there). Empty: nothing to say. */
  describe?(settings: S): string;
}

type Words<S> = (settings: S) => string;

function oneSection<V, S>(
  key: string,
  schema: z.ZodType<V>,
  pick: (value: V, org: string, repo: string) => S,
  describe?: Words<S>,
): Settings<S> {
  return {
    sections: [{ key, schema }],
    forRepo: (section, org, repo) => pick(section(key) as V, org, repo),
    ...(describe && { describe }),
  };
}

/** One object that holds for all repositories. */
export function globalSettings<S>(key: string, schema: z.ZodType<S>, describe?: Words<S>): Settings<S> {
  return oneSection(key, schema, (value) => value, describe);
}

/**
 * A list whose entries name their repositories under `repos`: the first entry that names org/repo, else the first that names the organisation,
 * else the defaults. Entries are not merged (Prow: pkg/plugins/config.go, LgtmFor and its kin).
 */
export function listSettings<E extends { repos: string[] }>(
  key: string,
  entry: z.ZodType<E>,
  describe?: Words<E>,
): Settings<E> {
  const defaults = entry.parse({});
  const list = absentAs(z.array(entry), []);
  return oneSection(key, list, (entries, org, repo) => entryFor(entries, org, repo) ?? defaults, describe);
}

/** The `repos` that every entry of such a list begins with. */
export const repos = z.array(z.string()).default([]);

function entryFor<E extends { repos: string[] }>(list: E[], org: string, repo: string): E | undefined {
  return (
    list.find((entry) => entry.repos.includes(`${org}/${repo}`)) ?? list.find((entry) => entry.repos.includes(org))
  );
}

/** A map whose keys are org/repo, org or `*`; the most exact one holds (Prow: pkg/plugins/config.go, DcoFor and its kin). */
export function mapSettings<E>(key: string, entry: z.ZodType<E>, fallback: E, describe?: Words<E>): Settings<E> {
  const map = absentAs(z.record(z.string(), entry), {});
  return oneSection(
    key,
    map,
    (entries, org, repo) => entries[`${org}/${repo}`] ?? entries[org] ?? entries['*'] ?? fallback,
    describe,
  );
}

/** Several settings side by side, for a plugin that also reads what belongs to another one (`triggers`, `owners`). */
export function joined<T extends Record<string, Settings>>(
  parts: T,
  describe?: Words<{ [K in keyof T]: SettingsOf<T[K]> }>,
): Settings<{ [K in keyof T]: SettingsOf<T[K]> }> {
  type Whole = { [K in keyof T]: SettingsOf<T[K]> };
  return {
    sections: Object.values(parts).flatMap(({ sections }) => sections),
    forRepo: (section, org, repo) =>
      Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, part.forRepo(section, org, repo)]),
      ) as Whole,
    ...(describe && { describe }),
  };
}

export type SettingsOf<T> = T extends Settings<infer S> ? S : never;

/** In YAML an empty section is null; it means the same as none. */
export function absentAs<V>(schema: z.ZodType<V>, value: V): z.ZodType<V> {
  return z.preprocess((given) => given ?? value, schema);
}
