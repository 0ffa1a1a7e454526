import { jobTypes } from '../../jobs/config/job-types.ts';
import { POD_TYPES } from '../../jobs/config/pod-types.ts';
import { goSchema, type JsonSchema, type Key } from './schema.ts';

const START = `# Configuration

This page is made from the schemas of the program by \`npm run generate\`; do not edit it. The schemas for editors stand in
[schemas/](schemas). Keys, defaults and meaning are Prow's; where something differs it says so in [compatibility.md](compatibility.md).

A single file may hold what Prow keeps in config.yaml and in plugins.yaml. An editor with a YAML language server checks a file whose
first line names its schema, by a path or an address:

\`\`\`yaml
# yaml-language-server: $schema=docs/schemas/config.schema.json
\`\`\`
`;

/** Types that are told on this page; those of pods are told by Kubernetes. */
const JOB_TYPES = ['Presubmit', 'Postsubmit', 'Periodic', 'Preset', 'DecorationConfig'];

/** The reference page: one table a key. */
export function configurationPage(keys: readonly Key[]): string {
  const ofConfig = keys.filter(({ files }) => files.includes('config'));
  const ofPlugins = keys.filter(({ files }) => files.includes('plugins'));
  return [
    START,
    '## config.yaml\n',
    ...ofConfig.map(keySection),
    '## plugins.yaml\n',
    ...ofPlugins.map(keySection),
    '## Jobs\n',
    ...typeNames(JOB_TYPES).map(typeSection),
  ].join('\n');
}

/** One key: what it is, and a table of what may stand below it. */
export function keySection({ key, files, schema }: Key): string {
  const more = [
    ...(files.includes('jobs') ? ['It may also stand in job files.'] : []),
    ...(files.some((file) => file.startsWith('supplemental')) ? ['It may also stand in supplemental files.'] : []),
  ];
  const rows = rowsOf(schema, '');
  const table = rows.length > 0 ? `\n${HEADER}${rows.join('\n')}\n` : '';
  return `### \`${key}\`\n\n${sentence(schema)} ${more.join(' ')}`.trimEnd().concat('\n', table);
}

function sentence(schema: JsonSchema): string {
  const initial =
    schema.default === undefined || isEmpty(schema.default) ? '' : `, ${code(schema.default)} unless given`;
  return [`${upper(typeOf(schema))}${initial}.`, schema.description].filter(Boolean).join(' ');
}

const HEADER = '| key | type | default | |\n|---|---|---|---|\n';

/** The keys below a schema, as deep as it goes; what stands in lists and maps by `[]` and `*`. */
function rowsOf(schema: JsonSchema, prefix: string): string[] {
  const { items, additionalProperties, anyOf = [], properties = {} } = schema;
  const entries = Object.entries(properties).flatMap(([name, value]) => [
    rowOf(`${prefix}${name}`, value),
    ...rowsOf(value, `${prefix}${name}.`),
  ]);
  const inList = items ? rowsOf(items, prefix === '' ? '' : `${prefix.slice(0, -1)}[].`) : [];
  const inMap = typeof additionalProperties === 'object' ? rowsOf(additionalProperties, `${prefix}*.`) : [];
  return [...new Set([...entries, ...inList, ...inMap, ...anyOf.flatMap((choice) => rowsOf(choice, prefix))])];
}

function rowOf(path: string, schema: JsonSchema): string {
  const initial = schema.default === undefined || isEmpty(schema.default) ? '' : code(schema.default);
  return `| \`${path}\` | ${typeOf(schema)} | ${initial} | ${(schema.description ?? '').replaceAll('|', '\\|')} |`;
}

function typeSection(name: string): string {
  const fields = jobTypes.fieldsOf(name) ?? [];
  const rows = fields.map((field) => `| \`${field.name}\` | ${typeOf(goSchema(field.type))} |`);
  return `### ${name}\n\n| key | type |\n|---|---|\n${rows.join('\n')}\n`;
}

/** Those types, and the ones that they lead to. */
function typeNames(from: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const fields = jobTypes.fieldsOf(name);
    if (!fields || found.has(name) || name in POD_TYPES) return;
    found.add(name);
    for (const { type } of fields) visit(type.replace(/^(\*|\[\]|\{\})+/, ''));
  };
  for (const name of from) visit(name);
  return [...found];
}

function typeOf(schema: JsonSchema): string {
  const { $ref, type, format, items, additionalProperties, anyOf } = schema;
  if ($ref) return named($ref.slice('#/definitions/'.length));
  if (schema.enum) return `one of ${schema.enum.map(code).join(', ')}`;
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (format === 'go-duration') return 'duration';
  if (format === 're2') return 'pattern (RE2)';
  if (format === 'go-template') return 'Go template';
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  if (type === 'object' && typeof additionalProperties === 'object') return `map to ${typeOf(additionalProperties)}`;
  return (
    { string: 'text', boolean: 'true or false', integer: 'integer', number: 'number', object: 'map', null: 'nothing' }[
      type ?? ''
    ] ?? 'anything'
  );
}

function named(name: string): string {
  if (name in POD_TYPES) return `Kubernetes’ ${name}`;
  return jobTypes.fieldsOf(name) ? `[${name}](#${name.toLowerCase()})` : name;
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function code(value: unknown): string {
  return `\`${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('|', '\\|')}\``;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
