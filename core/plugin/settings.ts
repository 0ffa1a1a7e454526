import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { type Section, section } from '../config/section.ts';
import { own } from '../own.ts';

/** Reads sections of the configuration as it stands. */
export type ConfigView = Pick<Config, 'get'>;

/** A plugin's settings: the sections of plugins.yaml that they stand in, and what of them holds for one repository. */
export interface Settings<S = unknown> {
  sections: readonly Section<unknown>[];
  forRepo(config: ConfigView, org: string, repo: string): S;
  /** They are one object for all repositories, of which /plugin-help speaks once, under "" (Prow: pluginhelp.PluginHelp.Config). */
  everywhere?: true;
  /** What holds for a repository of `org`, in words, for /plugin-help (HTML is allowed there). Empty: nothing to say. */
  describe?(settings: S, org?: string): string;
}

/** What a plugin may add to the plain declaration of its section; see core/config/README.md. */
interface More<V, S, W = V> {
  describe?: (settings: S) => string;
  /** Lets supplemental files hold the key too. */
  merge?: (base: V, additional: V) => V;
  /** Last defaults, checks and compiled patterns. */
  finish?: NonNullable<Parameters<typeof section<z.ZodType<V>, W>>[0]['finish']>;
}

function oneSection<V, W, S>(
  key: string,
  schema: z.ZodType<V>,
  { describe, merge, finish }: More<V, S, W>,
  pick: (value: W, org: string, repo: string) => S,
): Settings<S> {
  const declared = section<z.ZodType<V>, W>({
    key,
    schema,
    file: 'plugins',
    ...(merge && { merge }),
    ...(finish && { finish }),
  });
  return {
    sections: [declared],
    forRepo: (config, org, repo) => pick(config.get(declared), org, repo),
    ...(describe && { describe }),
  };
}

/** One object that holds for all repositories. */
export function globalSettings<V, W>(
  key: string,
  schema: z.ZodType<V>,
  more: More<V, W, W> & Required<Pick<More<V, W, W>, 'finish'>>,
): Settings<W>;
export function globalSettings<V>(key: string, schema: z.ZodType<V>, more?: Omit<More<V, V>, 'finish'>): Settings<V>;
export function globalSettings<V, W>(key: string, schema: z.ZodType<V>, more: More<V, W, W> = {}): Settings<W> {
  return { ...oneSection(key, schema, more, (value) => value), everywhere: true };
}

/**
 * A list whose entries name their repositories under `repos`: the first entry that names org/repo, else the first that names the organisation,
 * else the defaults. Entries are not merged (Prow: pkg/plugins/config.go, LgtmFor and its kin). Supplemental files may add entries.
 */
export function listSettings<E extends { repos: string[] }>(
  key: string,
  entry: z.ZodType<E>,
  more: More<E[], E> = {},
): Settings<E> {
  const defaults = entry.parse({});
  const joinedLists = { merge: (base: E[], additional: E[]) => [...base, ...additional] };
  return oneSection(
    key,
    z.array(entry),
    { ...joinedLists, ...more },
    (entries, org, repo) => entryFor(entries, org, repo) ?? defaults,
  );
}

/** The `repos` that every entry of such a list begins with. */
export const repos = z.array(z.string()).default([]);

function entryFor<E extends { repos: string[] }>(list: E[], org: string, repo: string): E | undefined {
  return (
    list.find((entry) => entry.repos.includes(`${org}/${repo}`)) ?? list.find((entry) => entry.repos.includes(org))
  );
}

/** A map whose keys are org/repo, org or `*`; the most exact one holds (Prow: pkg/plugins/config.go, DcoFor and its kin). */
export function mapSettings<E>(
  key: string,
  entry: z.ZodType<E>,
  fallback: E,
  more: More<Record<string, E>, E> = {},
): Settings<E> {
  return oneSection(
    key,
    z.record(z.string(), entry),
    more,
    (entries, org, repo) => own(entries, `${org}/${repo}`) ?? own(entries, org) ?? entries['*'] ?? fallback,
  );
}

/** Several settings side by side, for a plugin that also reads what belongs to another one (`triggers`, `owners`). */
export function joined<T extends Record<string, Settings>>(
  parts: T,
  describe?: (settings: Joined<T>) => string,
): Settings<Joined<T>> {
  return {
    sections: Object.values(parts).flatMap(({ sections }) => sections),
    forRepo: (config, org, repo) =>
      Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, part.forRepo(config, org, repo)]),
      ) as Joined<T>,
    ...(describe && { describe }),
  };
}

type Joined<T extends Record<string, Settings>> = { [K in keyof T]: SettingsOf<T[K]> };

export type SettingsOf<T> = T extends Settings<infer S> ? S : never;
