import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { defaultJobTimeout, podNamespace, prowjobDefaults, prowjobNamespace, scheduler } from './general.ts';
import { jobs } from './jobs.ts';
import { plank } from './plank.ts';

const sections = [defaultJobTimeout, jobs, plank, podNamespace, prowjobDefaults, prowjobNamespace, scheduler];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'jobs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string) {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, text);
  return loadConfig({ sections, configPath });
}

const SPEC = 'spec: {containers: [{image: x, command: [a]}]}';
const IMAGES = 'utility_images: {clonerefs: a, initupload: b, entrypoint: c, sidecar: d}';
const GCS = 'gcs_configuration: {bucket: b, path_strategy: explicit}';
const presubmits = (...list: string[]) => `presubmits:\n  o/r:\n${list.map((job) => `  - {${job}}`).join('\n')}\n`;
const job = (more: string) => presubmits(`name: a, ${more}`);
const pod = (spec: string) => presubmits(`name: a, spec: {${spec}}`);
const decorated = (decoration: string, spec = SPEC) =>
  job(`decorate: true, decoration_config: {${decoration}}, ${spec}`);
const periodic = (more: string) => `periodics:\n- {name: a, ${SPEC}, ${more}}\n`;
const gcs = (more: string) => decorated(`${IMAGES}, gcs_configuration: {bucket: b, ${more}}`);

// Each was put to the real Prow, which refuses the same, in the same words where they are given.
const refused: [why: string, text: string, message: string][] = [
  ['a name with a space', presubmits(`name: a b, ${SPEC}`), 'name: must match regex'],
  ['a name with a slash', presubmits(`name: a/b, ${SPEC}`), 'name: must match regex'],
  ['no name', presubmits(SPEC), 'name: must match regex'],
  ['a Jenkins name that ends in a slash', presubmits('name: a/, agent: jenkins'), 'name: must match regex'],
  ['a spec for Jenkins', job(`agent: jenkins, ${SPEC}`), 'job specs require agent: kubernetes (found "jenkins")'],
  ['no spec', presubmits('name: a'), 'kubernetes jobs require a spec'],
  ['a negative limit', job(`max_concurrency: -1, ${SPEC}`), 'max_concurrency: -1 must be a non-negative number'],
  ['another namespace', job(`namespace: other, ${SPEC}`), 'namespace customization requires agent: tekton-pipeline'],
  ['two of one name', presubmits(`name: a, ${SPEC}`, `name: a, ${SPEC}`), 'duplicated presubmit jobs'],
  [
    'two of one name with skip lists',
    presubmits(`name: a, skip_branches: [q], ${SPEC}`, `name: a, skip_branches: [x], ${SPEC}`),
    'duplicated presubmit jobs',
  ],
  [
    'two of one context',
    presubmits(`name: a, context: c, ${SPEC}`, `name: b, context: c, ${SPEC}`),
    'report to the same GitHub context "c"',
  ],
  [
    'two of one context where a skip list lets a branch through',
    presubmits(`name: a, context: c, branches: [m, q], ${SPEC}`, `name: b, context: c, skip_branches: [m], ${SPEC}`),
    'report to the same GitHub context "c"',
  ],
  ['always and if changed', job(`always_run: true, run_if_changed: x, ${SPEC}`), 'mutually exclusive'],
  ['both change matchers', job(`run_if_changed: x, skip_if_only_changed: w, ${SPEC}`), 'mutually exclusive'],
  ['a trigger alone', job(`trigger: x, ${SPEC}`), 'either both of job.Trigger and job.RerunCommand'],
  ['a command that starts nothing', job(`trigger: x, rerun_command: w, ${SPEC}`), 'does not match trigger "x"'],
  ['a bad trigger', job(`trigger: "(", rerun_command: w, ${SPEC}`), 'could not compile trigger regex for a'],
  ['bad branches', job(`branches: ["("], ${SPEC}`), 'could not compile positive branch regex'],
  ['bad skip_branches', job(`skip_branches: ["*"], ${SPEC}`), 'could not compile negative branch regex'],
  ['a bad change matcher', job(`run_if_changed: "(?=x)", ${SPEC}`), 'could not compile run_if_changed regex'],
  ['a reserved label', job(`labels: {created-by-prow: x}, ${SPEC}`), 'label created-by-prow is reserved'],
  ['a bad label', job(`labels: {a: x z}, ${SPEC}`), 'label a has invalid value x z'],
  ['a bad label key', job(`labels: {A.b/c: x}, ${SPEC}`), 'invalid label A.b/c'],
  ['a bad annotation', job(`annotations: {a/b/c: x}, ${SPEC}`), 'invalid annotation key "a/b/c"'],
  ['an unknown queue', job(`job_queue_name: q, ${SPEC}`), 'invalid job queue name q'],
  ['no container', pod('containers: []'), 'pod spec must specify at least 1 container, found: 0'],
  ['two undecorated containers', pod('containers: [{name: x},{name: z}]'), 'pod utility decoration must be enabled'],
  [
    'a container named like a utility',
    decorated(`${IMAGES}, ${GCS}`, 'spec: {containers: [{name: x, command: [a]},{name: sidecar, command: [a]}]}'),
    'container name sidecar is a reserved for decoration',
  ],
  ['a variable twice', pod('containers: [{env: [{name: A},{name: A}]}]'), '"A" is defined more than once'],
  ['a reserved variable', pod('containers: [{env: [{name: PULL_TITLE}]}]'), 'env PULL_TITLE is reserved'],
  ['a reserved volume', pod('containers: [{image: x}], volumes: [{name: logs}]'), 'volume logs is a reserved'],
  ['an unknown mount', pod('containers: [{volumeMounts: [{name: q, mountPath: /q}]}]'), '"q" is undefined'],
  ['a reserved mount', pod('containers: [{volumeMounts: [{name: code, mountPath: /q}]}]'), 'name code is reserved'],
  [
    'a reserved path',
    pod('containers: [{volumeMounts: [{name: q, mountPath: /tools}]}], volumes: [{name: q}]'),
    'mount q at /tools conflicts',
  ],
  ['an init container', pod('initContainers: [{name: i}], containers: [{image: x}]'), 'may not use init containers'],
  ['decoration without anything', job(`decorate: true, ${SPEC}`), 'utility image config is not specified'],
  ['decoration that is only half off', job(`decoration_config: {timeout: 1h}, ${SPEC}`), 'utility image config'],
  [
    'no command',
    decorated(`${IMAGES}, ${GCS}`, 'spec: {containers: [{image: x}]}'),
    'must specify command and/or args',
  ],
  ['an unknown strategy', gcs('path_strategy: foo'), 'gcs_path_strategy must be one of'],
  ['a strategy without defaults', gcs('path_strategy: legacy'), 'default org and repo must be provided'],
  [
    'a bad media type',
    gcs('path_strategy: explicit, mediaTypes: {log: text/}'),
    'invalid extension media type "text/"',
  ],
  [
    'a bad bucket',
    decorated(`${IMAGES}, gcs_configuration: {bucket: "b x", path_strategy: explicit}`),
    'invalid format',
  ],
  [
    'two ways to clone',
    decorated(`${IMAGES}, ${GCS}, ssh_key_secrets: [x], oauth_token_secret: {name: a, key: b}`),
    'both OAuth token and SSH key secrets are specified',
  ],
  ['a bad clone address', job(`clone_uri: "1.2.3.4:foo/x", ${SPEC}`), "couldn't parse uri from clone_uri"],
  [
    'everyone and someone',
    job(`rerun_auth_config: {allow_anyone: true, github_users: [a]}, ${SPEC}`),
    'allow anyone is set',
  ],
  ['Tekton without a pipeline', presubmits('name: a, agent: tekton-pipeline'), 'require a pipeline_run_spec'],
  [
    'extra refs that no task uses',
    presubmits('name: a, agent: tekton-pipeline, extra_refs: [{org: a, repo: b}], pipeline_run_spec: {}'),
    'extra_refs[0] is not used',
  ],
  ['no time', `periodics:\n- {name: a, ${SPEC}}\n`, 'at least one of cron, interval, or minimum_interval'],
  ['two times', periodic('cron: "* * * * *", interval: 1h'), 'are mutually exclusive in periodic a'],
  ['a bad interval', periodic('interval: 1d'), 'cannot parse duration for a'],
  ['a retry without an interval', periodic('interval: 1h, retry: {attempts: 3}'), 'cannot parse Retry duration for a'],
  ['a bad cron', periodic('cron: "0 0 * * 7"'), 'invalid cron string 0 0 * * 7 in periodic a'],
  ['a periodic twice', `${periodic('interval: 1h')}- {name: a, ${SPEC}, interval: 1h}\n`, 'duplicated periodic job: a'],
  [
    'a variable of a preset',
    `presets:\n- {labels: {p: t}, env: [{name: A}]}\n${job('labels: {p: t}, spec: {containers: [{env: [{name: A}]}]}')}`,
    'env var duplicated in pod spec: A',
  ],
  [
    'a volume of a preset',
    `presets:\n- {volumes: [{name: v}]}\n${pod('containers: [{image: x}], volumes: [{name: v}]')}`,
    'volume duplicated in pod spec: v',
  ],
  [
    'a toleration of a preset',
    `presets:\n- {tolerations: [{effect: NoSchedule, key: a}]}\n${pod('containers: [{image: x}], tolerations: [{key: a, effect: NoSchedule}]')}`,
    'toleration duplicated in pod spec',
  ],
  ['a list where text belongs', job(`trigger: [x], ${SPEC}`), 'cannot read a list as text'],
  ['text where a list belongs', job(`branches: main, ${SPEC}`), 'cannot read string "main" as a list'],
  ['half a job at once', job(`max_concurrency: 3.5, ${SPEC}`), 'cannot read number "3.5" as an integer'],
  ['a bad quantity', pod('containers: [{resources: {limits: {cpu: foo}}}]'), 'is not a quantity'],
  ['a bad URL template', 'plank: {job_url_template: "{{if"}\n', 'plank.job_url_template: template: JobURL'],
  ['two report templates', 'plank: {report_template: a, report_templates: {"*": b}}\n', 'both report_template and'],
  [
    'both decoration defaults',
    `plank: {default_decoration_configs: {"*": {${GCS}}}, default_decoration_config_entries: [{}]}\n`,
    'mutually exclusive',
  ],
  ['a bad prefix', 'plank: {job_url_prefix_config: {"*": ":foo"}}\n', 'missing protocol scheme'],
];

const taken: [why: string, text: string][] = [
  ['a job', presubmits(`name: a, ${SPEC}`)],
  ['an unknown agent', presubmits('name: a, agent: foo')],
  ['a Jenkins job', presubmits('name: a/b, agent: jenkins')],
  ['one name on two branches', presubmits(`name: a, branches: [p], ${SPEC}`, `name: a, branches: [q], ${SPEC}`)],
  [
    'one name, here and not there',
    presubmits(`name: a, branches: [p], ${SPEC}`, `name: a, skip_branches: [p], ${SPEC}`),
  ],
  ['patterns that only fit together', job(`branches: ["(a", "b)"], ${SPEC}`)],
  ['a queue', `plank: {job_queue_capacities: {q: 1}}\n${job(`job_queue_name: q, ${SPEC}`)}`],
  ['a native sidecar', pod('initContainers: [{name: i, restartPolicy: Always}], containers: [{image: x}]')],
  ['a mount of the credentials', pod('containers: [{volumeMounts: [{name: gcs-credentials, mountPath: /q}]}]')],
  ['an SSH address', job(`clone_uri: "git@github.com:a/b", ${SPEC}`)],
  ['an odd address of an extra ref alone', job(`extra_refs: [{org: a, repo: b, clone_uri: "1.2:foo"}], ${SPEC}`)],
  [
    'a periodic with a pull request’s variable',
    `periodics:\n- {name: a, interval: 1h, spec: {containers: [{env: [{name: PULL_TITLE}]}]}}\n`,
  ],
  ['args alone', decorated(`${IMAGES}, ${GCS}`, 'spec: {containers: [{args: [a]}]}')],
  ['a retry', periodic('interval: 1h, retry: {attempts: 3, interval: 5m}')],
  [
    'a postsubmit and a presubmit of one name',
    `${presubmits(`name: a, ${SPEC}`)}postsubmits:\n  o/r:\n  - {name: a, ${SPEC}}\n`,
  ],
  ['nothing at all for a repository', 'presubmits:\n  o/r:\n'],
];

describe('a job configuration', () => {
  test.each(refused)('with %s is refused', (_, text, message) => {
    expect(() => load(text)).toThrow(message);
  });

  test.each(taken)('with %s is taken', (_, text) => {
    expect(() => load(text)).not.toThrow();
  });

  test('names the job’s place', () => {
    expect(() => load(presubmits(`name: a, ${SPEC}`, 'name: b'))).toThrow(
      /config\.yaml:4:5: presubmits\["o\/r"\]\[1\]: /,
    );
  });

  test('one job in two places, by a YAML alias, is two jobs', () => {
    const text = `plank: {default_decoration_configs: {"*": {${IMAGES}, ${GCS}}, p: {timeout: 1h}}}
presubmits:
  o/r:
  - &job {name: a, cluster: c, decorate: true, spec: {containers: [{name: x, image: x, command: [a], resources: {}}]}}
  p/r:
  - *job
`;
    const { presubmits: found } = load(text).get(jobs);
    expect(found.get('o/r')?.[0]?.decoration_config?.timeout).toBeUndefined();
    expect(found.get('p/r')?.[0]?.decoration_config?.timeout).toBe('1h0m0s');
  });

  test('preset labels must differ once job files are joined', () => {
    const twice = 'presets:\n- {labels: {a: b}}\n';
    const configPath = path.join(folder, 'main.yaml');
    writeFileSync(configPath, twice);
    writeFileSync(path.join(folder, 'more.yaml'), twice);
    expect(() => loadConfig({ sections, configPath, jobConfigPath: path.join(folder, 'more.yaml') })).toThrow(
      "duplicated preset 'label:value' pair : a:b",
    );
  });
});
