import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { jenkinsOperators } from './other-agents.ts';
import { pubsubSubscriptions, pubsubTriggers } from './pubsub.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'agents-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string) {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, text);
  return loadConfig({ sections: [jenkinsOperators, pubsubSubscriptions, pubsubTriggers], configPath });
}

test('jenkins operators choose by labels, and replace in their templates', () => {
  const [first, second] = load(`
jenkins_operators:
- {label_selector: a=b, job_url_template: '{{replace "x" "y" .Spec.Job}}', report_template: r}
- {label_selector: a!=b}
`).get(jenkinsOperators);
  expect(first?.jobUrl.execute({ Spec: { Job: 'axa' } })).toBe('aya');
  expect(first?.reports.has('*')).toBe(true);
  expect(second?.selector.matches({ a: 'c' })).toBe(true);
  expect(second?.max_goroutines).toBe(20);
});

test('the older subscriptions are triggers for every cluster', () => {
  expect(load('pubsub_subscriptions: {p: [t]}').get(pubsubTriggers)).toEqual([
    { project: 'p', topics: ['t'], allowed_clusters: ['*'], max_outstanding_messages: 10 },
  ]);
});

test.each([
  ['jenkins_operators: [{label_selector: a}]', /invalid when used for a single jenkins-operator/],
  ['jenkins_operators: [{label_selector: a}, {}]', /selector overlap/],
  ['jenkins_operators: [{job_url_template: "{{"}]', /job_url_template/],
  ['jenkins_operators: [{label_selector: "=="}, {label_selector: b}]', /unable to parse requirement/],
  ['pubsub_subscriptions: {a: []}\npubsub_triggers: [{project: b}]', /mutually exclusive/],
])('refuses %s', (text, message) => {
  expect(() => load(text)).toThrow(message);
});
