// What loading a configuration, choosing jobs and making pods cost: `node bench/config.ts [CONFIG JOBS_FOLDER]` (a made-up configuration of the size
// of kubernetes/test-infra's unless given). Prints a table; ratios are taken side by side in one run.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { isYaml, walk } from '../core/config/files.ts';
import { loadConfig } from '../core/config/load.ts';
import { compilePattern } from '../core/config/pattern.ts';
import type { Presubmit } from '../jobs/config/job.ts';
import { jobs } from '../jobs/config/jobs.ts';
import { selectPresubmits } from '../jobs/select/presubmits.ts';
import { podOf } from '../jobs/spec/pod.ts';
import { newProwJob } from '../jobs/spec/prowjob.ts';
import { presubmitSpec } from '../jobs/spec/spec.ts';
import { configSections } from './config-sections.ts';

const FILES = 755;
const JOBS_PER_FILE = 5;
const CHANGED_FILES = 300;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-config-'));
const rows: string[][] = [['what', 'here', 'baseline', 'ratio', 'budget']];

interface Run {
  load: { wall: number; cpu: number };
  sinceStart: number;
  reload: { wall: number; cpu: number };
  rss: number;
}

function make(): { configPath: string; jobsPath: string } {
  const [configPath, jobsPath] = process.argv.slice(2);
  const copy = path.join(folder, 'jobs');
  if (configPath && jobsPath) {
    cpSync(jobsPath, copy, { recursive: true });
    return { configPath, jobsPath: copy };
  }
  mkdirSync(copy);
  const main = path.join(folder, 'config.yaml');
  writeFileSync(
    main,
    'plank:\n  default_decoration_configs:\n    "*":\n      timeout: 2h\n      utility_images: {clonerefs: a, initupload: b, entrypoint: c, sidecar: d}\n      gcs_configuration: {bucket: b, path_strategy: explicit}\n',
  );
  for (let file = 0; file < FILES; file++) writeFileSync(path.join(copy, `jobs-${file}.yaml`), jobFile(file));
  return { configPath: main, jobsPath: copy };
}

function jobFile(file: number): string {
  const one = (job: number) => `  - name: job-${file}-${job}
    decorate: true
    branches: [main, "release-${file % 15}"]
    run_if_changed: "^(pkg/${file % 40}/|cmd/${job}/.*\\\\.go$)"
    labels: {team: "${file % 9}"}
    spec:
      containers:
      - image: registry/image-${file % 30}:v1
        command: [runner.sh]
        args: [bash, -c, "make test-${job}"]
        env: [${Array.from({ length: 40 }, (_, index) => `{name: VARIABLE_${index}, value: "value ${index} of a job"}`).join(', ')}]
        resources: {limits: {cpu: 4, memory: 8Gi}, requests: {cpu: 4, memory: 8Gi}}
`;
  return `presubmits:\n  org/repo-${file % 9}:\n${Array.from({ length: JOBS_PER_FILE }, (_, job) => one(job)).join('')}`;
}

function run(...args: string[]): Run {
  const out = execFileSync(process.execPath, [path.join(import.meta.dirname, 'config-runner.ts'), ...args]);
  return JSON.parse(out.toString());
}

/** CPU milliseconds of one call, the least of several rounds: other processes on the machine only add to it. */
function cost(rounds: number, work: () => unknown): number {
  return Math.min(
    ...Array.from({ length: rounds }, () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}

function row(what: string, here: number, baseline: number | undefined, budget: string, unit = 'ms'): void {
  const ratio = baseline === undefined ? '' : (here / baseline).toFixed(2);
  rows.push([
    what,
    `${here.toFixed(2)} ${unit}`,
    baseline === undefined ? '' : `${baseline.toFixed(2)} ${unit}`,
    ratio,
    budget,
  ]);
}

function benchLoad(configPath: string, jobsPath: string): void {
  const files = walk(jobsPath, isYaml).files;
  const parsing = cost(3, () => files.map((file) => loadAll(readFileSync(file, 'utf8'), { json: true }).length));
  const cache = path.join(folder, 'cache');
  run(configPath, jobsPath, '');
  const cold = run(configPath, jobsPath, cache);
  const warm = run(configPath, jobsPath, cache);
  const changed = run(configPath, jobsPath, cache, files[0] ?? '');
  row('load and check, cold: CPU (against js-yaml alone, warm)', cold.load.cpu, parsing, '');
  row('  wall', cold.load.wall, undefined, '< 1600');
  row('  from the start of the process', cold.sinceStart, undefined, '');
  row('load and check, loaded before: CPU', warm.load.cpu, parsing, '');
  row('  wall', warm.load.wall, undefined, '< 500');
  row('  from the start of the process', warm.sinceStart, undefined, '< 500');
  row('one changed file: CPU', changed.reload.cpu, parsing, '');
  row('  wall', changed.reload.wall, undefined, '< 150');
  row('nothing changed: CPU', warm.reload.cpu, parsing, '');
  row('resident at most', Math.max(cold.rss, warm.rss, changed.rss), undefined, '< 250', 'MB');
}

function benchSelect(presubmits: readonly Presubmit[]): void {
  const files = Array.from({ length: CHANGED_FILES }, (_, index) => `pkg/kubelet/part${index % 17}/file_${index}.go`);
  const wish = { text: '/test all', automatic: true };
  const facts = { branch: 'master', files };
  const here = cost(20, () => selectPresubmits(presubmits, wish, facts));
  const patterns = presubmits.map(({ run_if_changed, skip_if_only_changed }) => run_if_changed ?? skip_if_only_changed);
  const each = cost(5, () => {
    for (const source of patterns) if (source) files.some((file) => compilePattern(source).test(file));
  });
  row(
    `/test all: ${presubmits.length} presubmits, ${files.length} files (against each job's pattern by itself)`,
    here,
    each,
    '< 5',
  );
  const hostile = 'a'.repeat(200);
  row(
    '^(a+)+$ on 200 letters',
    cost(20, () => compilePattern('^(a+)+$').test(`${hostile}!`)),
    undefined,
    '~ 0',
  );
}

function benchPods(presubmits: readonly Presubmit[]): void {
  const refs = { org: 'o', repo: 'r', base_ref: 'main', base_sha: 'a', pulls: [{ number: 1, author: 'a', sha: 'b' }] };
  const made = presubmits
    .filter(({ spec }) => spec)
    .map((job) => newProwJob(presubmitSpec(job, refs), { name: 'x', labels: job.labels, now: '2026-01-01T00:00:00Z' }));
  const here = cost(10, () => made.map((job) => podOf(job))) / made.length;
  const clone = cost(10, () => made.map(({ spec }) => structuredClone(spec.pod_spec))) / made.length;
  row('a decorated pod (against structuredClone of its spec)', here, clone, '< 0.1');
}

try {
  const { configPath, jobsPath } = make();
  benchLoad(configPath, jobsPath);
  const config = loadConfig({ sections: configSections, configPath, jobConfigPath: jobsPath });
  const [largest = []] = [...config.get(jobs).presubmits.values()].sort((a, b) => b.length - a.length);
  benchSelect(largest);
  benchPods(largest);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of rows)
    process.stdout.write(`${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
