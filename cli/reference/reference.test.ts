import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../core/config/yaml.ts';
import { plugins } from '../../plugins/index.ts';
import { referenceFiles } from './files.ts';

const ROOT = new URL('../../', import.meta.url);
const files = referenceFiles();

function validator(name: string) {
  const ajv = new Ajv({ allErrors: true, validateFormats: false, strict: false });
  return ajv.compile(JSON.parse(files.get(`docs/schemas/${name}.schema.json`) ?? ''));
}

test.each([...files.keys()])('%s is what the schemas say now (npm run generate)', (file) => {
  expect(readFileSync(new URL(file, ROOT), 'utf8')).toBe(files.get(file));
});

describe('the schemas', () => {
  test('take the example', () => {
    const check = validator('config');
    check(parseYaml(readFileSync(new URL('config.example.yaml', ROOT), 'utf8'), 'config.example.yaml'));
    expect(check.errors).toBeNull();
  });

  test.each<[string, string, string, string | undefined]>([
    [
      'a job',
      'prow-yaml',
      'presubmits: [{name: a, spec: {containers: [{image: x, resources: {limits: {cpu: 1}}}]}}]',
      undefined,
    ],
    ['a misspelt key of a job', 'prow-yaml', 'presubmits: [{name: a, alwaysrun: true}]', '/presubmits/0'],
    [
      'a misspelt key of a pod',
      'jobs',
      'presubmits: {o/r: [{name: a, spec: {container: []}}]}',
      '/presubmits/o~1r/0/spec',
    ],
    ['a key that does not belong there', 'jobs', 'plank: {}', ''],
    ['a wrong type', 'config', 'sinker: {max_pod_age: [1]}', '/sinker/max_pod_age'],
    ['a key of plugins.yaml in the one file', 'config', 'plugins: {}', undefined],
  ])('%s', (_, name, yaml, place) => {
    const check = validator(name);
    check(parseYaml(yaml, 'test'));
    expect(check.errors?.map(({ instancePath }) => instancePath) ?? []).toEqual(place === undefined ? [] : [place]);
  });
});

test('the page tells types, defaults and what the schema says', () => {
  const page = files.get('docs/configuration.md') ?? '';
  expect(page).toContain('### `sinker`');
  expect(page).toContain('| `max_pod_age` | duration | `24h` |');
  expect(page).toContain('| `spec` | Kubernetes’ PodSpec |');
});

test('the page of plugins tells commands, who may use them, and settings', () => {
  const page = files.get('docs/plugins.md') ?? '';
  for (const { name, commands } of plugins) {
    expect(page).toContain(`\n## ${name}\n`);
    for (const { examples } of commands) for (const example of examples) expect(page).toContain(example.split('\n')[0]);
  }
  expect(page).toContain('| `/hold [reason]` | ');
  expect(page).toContain('Settings under `lgtm`:');
});
