import path from 'node:path';
import { z } from 'zod';
import { section } from '../section.ts';

const ProbotApp = z.object({
  app: z
    .string()
    .min(1)
    .describe('An npm package, or a file: ./ and ../ from the folder of the configuration, or an absolute path'),
  name: z.string().default('').describe('In logs, metrics and the journal; unless given, that of the package or file'),
  excluded_repos: z.array(z.string()).default([]).describe('Repositories of the organization that it is not for'),
});
export type ProbotApp = z.output<typeof ProbotApp>;

const Entry = z.union([
  z
    .string()
    .min(1)
    .transform((app) => ProbotApp.parse({ app })),
  ProbotApp,
]);

/** The key `probot_apps` of plugins.yaml, by `org` or `org/repo`: apps written for Probot that are run as plugins. Prow has nothing of the kind. */
export const probotApps = section({
  key: 'probot_apps',
  file: 'plugins',
  schema: z.record(z.string(), z.array(Entry)).default({}),
  merge: (base, additional) => {
    const both = Object.keys(additional).find((place) => Object.hasOwn(base, place));
    if (both !== undefined) throw new Error(`probot_apps for ${both} are set in another file already`);
    return { ...base, ...additional };
  },
  finish(places, view, file) {
    const resolved = Object.fromEntries(
      Object.entries(places).map(([place, list]) => [place, list.map((entry) => resolve(entry, file))]),
    );
    for (const { place, problem } of problemsIn(resolved)) view.problem(file, ['probot_apps', place], problem);
    return resolved;
  },
});

function resolve({ app, name, ...rest }: ProbotApp, file: string): ProbotApp {
  const isFile = /^(\.{0,2}\/)/.test(app);
  const whole = isFile ? path.resolve(path.dirname(file), app) : app;
  return { ...rest, app: whole, name: name || (isFile ? path.parse(whole).name : app) };
}

function problemsIn(places: Readonly<Record<string, readonly ProbotApp[]>>): { place: string; problem: string }[] {
  const apps = new Map<string, string>();
  return Object.entries(places).flatMap(([place, list]) =>
    list.flatMap(({ app, name }, index) => {
      const known = apps.get(name) ?? app;
      apps.set(name, known);
      if (known !== app) return [{ place, problem: `${name} names both ${known} and ${app}` }];
      const [org = '', repo] = place.split('/');
      const whole = repo === undefined ? undefined : places[org]?.find((other) => other.name === name);
      const again = list.findIndex((other) => other.name === name) < index;
      if (again || (whole && !whole.excluded_repos.includes(repo ?? '')))
        return [{ place, problem: `${name} is enabled twice` }];
      return [];
    }),
  );
}

/** The apps that are on for a repository. */
export function probotAppsFor(
  places: Readonly<Record<string, readonly ProbotApp[]>>,
  org: string,
  repo: string,
): ProbotApp[] {
  const whole = Object.hasOwn(places, org) ? (places[org] ?? []) : [];
  const own = Object.hasOwn(places, `${org}/${repo}`) ? (places[`${org}/${repo}`] ?? []) : [];
  return [...whole.filter(({ excluded_repos: without }) => !without.includes(repo)), ...own];
}
