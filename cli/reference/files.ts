import { plugins } from '../../plugins/index.ts';
import { sections } from '../sections.ts';
import { configurationPage } from './page.ts';
import { pluginsPage } from './plugins-page.ts';
import { fileSchema, goSchema, type JsonSchema, type Key, keysOf } from './schema.ts';

/** What is made from schemas and declarations, by its path in the repository: pages for people, and schemas for editors. */
export function referenceFiles(): ReadonlyMap<string, string> {
  const keys = keysOf(sections);
  const of = (...kinds: Key['files']) =>
    Object.fromEntries(
      keys.filter(({ files }) => files.some((kind) => kinds.includes(kind))).map(({ key, schema }) => [key, schema]),
    );
  // A key may stand in config.yaml whole and in a supplemental file in part: one schema serves both.
  const schemas: Record<string, JsonSchema> = {
    config: fileSchema(
      "Cutwater's and Prow's configuration: config.yaml, with or without the plugins' part",
      of('config', 'plugins'),
    ),
    jobs: fileSchema('A job file', of('jobs')),
    plugins: fileSchema('plugins.yaml', of('plugins')),
    'prow-yaml': fileSchema('.prow.yaml and the files of .prow/', {
      presets: goSchema('[]Preset'),
      presubmits: goSchema('[]Presubmit'),
      postsubmits: goSchema('[]Postsubmit'),
      prow_ignored: {},
    }),
  };
  return new Map([
    ['docs/configuration.md', configurationPage(keys)],
    ['docs/plugins.md', pluginsPage(plugins)],
    ...Object.entries(schemas).map(
      ([name, schema]) => [`docs/schemas/${name}.schema.json`, `${JSON.stringify(schema, undefined, 1)}\n`] as const,
    ),
  ]);
}
