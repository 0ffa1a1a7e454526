import { z } from 'zod';
import { section } from '../section.ts';

const ExternalPlugin = z.object({
  name: z.string().default(''),
  /** `http://NAME` unless given. */
  endpoint: z.string().default(''),
  /** The events that are sent there; all of them unless given. */
  events: z.array(z.string()).default([]),
});
type ExternalPlugin = z.output<typeof ExternalPlugin>;

/** The key `external_plugins` of plugins.yaml, by `org` or `org/repo` (Prow: pkg/plugins/config.go, ExternalPlugin). */
export const externalPlugins = section({
  key: 'external_plugins',
  file: 'plugins',
  schema: z.record(z.string(), z.array(ExternalPlugin)).default({}),
  merge: (base, additional) => {
    const both = Object.keys(additional).find((place) => Object.hasOwn(base, place));
    if (both !== undefined) throw new Error(`external_plugins for ${both} are set in another file already`);
    return { ...base, ...additional };
  },
  finish(places, view, file) {
    for (const { place, name } of twice(places))
      view.problem(file, ['external_plugins', place], `${name} is set for the whole organization already`);
    for (const { path, endpoint } of wrongEndpoints(places))
      view.problem(file, path, `${JSON.stringify(endpoint)} is no http:// or https:// address`);
    return Object.fromEntries(
      Object.entries(places).map(([place, list]) => [
        place,
        list.map((plugin) => ({ ...plugin, endpoint: plugin.endpoint || `http://${plugin.name}` })),
      ]),
    );
  },
});

/** Events for it would only pile up. */
function wrongEndpoints(places: Readonly<Record<string, readonly ExternalPlugin[]>>) {
  return Object.entries(places).flatMap(([place, list]) =>
    list.flatMap(({ endpoint }, index) => {
      if (!endpoint || /^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) return [];
      return [{ path: ['external_plugins', place, index, 'endpoint'], endpoint }];
    }),
  );
}

/** Prow refuses one that is set for an organisation and once more for one of its repositories: it would hear everything twice. */
function twice(places: Readonly<Record<string, readonly ExternalPlugin[]>>): { place: string; name: string }[] {
  return Object.entries(places).flatMap(([place, list]) => {
    if (!place.includes('/')) return [];
    const whole = new Set((places[place.split('/')[0] ?? ''] ?? []).map(({ name }) => name));
    return list.filter(({ name }) => whole.has(name)).map(({ name }) => ({ place, name }));
  });
}
