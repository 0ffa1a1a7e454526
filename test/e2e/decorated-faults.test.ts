import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './support/stage.ts';

const BOBS = 42;
/** How long the slowest of machines may take. */
const PATIENCE = 300_000;
const LOG_BYTES = 500_000_000;
const ARTIFACTS = 10_000;

/** A file with the number of a build lets the build go on. */
const signs = mkdtempSync(path.join(tmpdir(), 'signs-'));
const STEPS = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`);

/** Scripts of the jobs, by their names. */
const SCRIPTS = {
  /** Goes on once the test has done what it wants to do to it. */
  steps: `for i in 1 2 3 4 5; do echo "line $i"; done; while [ ! -e ${signs}/$BUILD_ID ]; do sleep 0.1; done; for i in 6 7 8 9 10; do echo "line $i"; done; echo whole > $ARTIFACTS/whole.txt`,
  stubborn: 'trap "" TERM INT; echo I stay; touch $ARTIFACTS/kept.txt; while :; do sleep 1; done',
  big: `head -c ${LOG_BYTES} /dev/zero | tr "\\\\000" "\\\\n"; mkdir $ARTIFACTS/many && cd $ARTIFACTS/many && seq ${ARTIFACTS} | split -l 1 -a 4 -`,
};
type Job = keyof typeof SCRIPTS;

const CONFIG = `
plank:
  default_decoration_config_entries:
  - config:
      timeout: 1h
      grace_period: 1s
      utility_images: { clonerefs: x, initupload: x, entrypoint: x, sidecar: x }
      gcs_configuration: { bucket: local, path_strategy: explicit }
presubmits:
  acme/widgets:
${Object.entries(SCRIPTS)
  .map(
    ([name, script]) => `
  - name: ${name}
    always_run: false
    decorate: true
    ${name === 'stubborn' ? 'decoration_config: { timeout: 3s }' : ''}
    spec: { containers: [{ image: x, command: [sh, -c, ${JSON.stringify(script)}] }] }`,
  )
  .join('')}
plugins:
  acme: [trigger]
`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ config: CONFIG });
}, PATIENCE);
afterAll(async () => {
  await stage.close();
  rmSync(signs, { recursive: true });
}, PATIENCE);

/** Starts the job once more, and hands back where its pod and its results are. */
async function begin(job: Job) {
  const folder = path.join(stage.dataDir, 'artifacts/pr-logs/pull/acme_widgets', String(BOBS), job);
  const numbers = () => (existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+$/.test(name)) : []);
  const before = numbers();
  stage.comment('alice', BOBS, `/test ${job}`);
  await expect.poll(() => numbers().length, { timeout: PATIENCE }).toBe(before.length + 1);
  const build = numbers().find((number) => !before.includes(number)) ?? '';
  const stored = (name: string) => readFileSync(path.join(folder, build, name), 'utf8');
  const soon = (name: string) =>
    expect.poll(() => (existsSync(path.join(folder, build, name)) ? stored(name) : ''), { timeout: PATIENCE });
  await soon('prowjob.json').toContain('pod_name');
  const pod = path.join(stage.dataDir, 'pods', JSON.parse(stored('prowjob.json')).metadata.name);
  const logged = (text: string) =>
    expect
      .poll(() => readFileSync(path.join(pod, 'containers/test/log'), 'utf8'), { timeout: PATIENCE })
      .toContain(text);
  return {
    folder: path.join(folder, build),
    stored,
    soon,
    logged,
    kill: (container: string) =>
      process.kill(Number(readFileSync(path.join(pod, 'containers', container, 'pid'), 'utf8')), 'SIGKILL'),
    go: () => writeFileSync(path.join(signs, build), ''),
    ended: (state: string) => soon('prowjob.json').toContain(`"state": "${state}"`),
  };
}

const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('line '));

test('kill -9 of the program: the job goes on, and everything of it arrives', { timeout: PATIENCE }, async () => {
  const run = await begin('steps');
  await run.logged('line 5');
  await stage.product.kill();
  run.go();
  await run.soon('finished.json').toContain('SUCCESS');
  expect(lines(run.stored('build-log.txt'))).toEqual(STEPS);
  expect(run.stored('artifacts/whole.txt')).toBe('whole\n');
  await stage.product.start();
  await run.ended('success');
  await stage.until(() => stage.statuses(BOBS).steps === 'success');
});

test('kill -9 of the sidecar: it is started once more, and everything arrives', { timeout: PATIENCE }, async () => {
  const run = await begin('steps');
  await run.logged('line 5');
  run.kill('sidecar');
  run.go();
  await run.ended('success');
  expect(lines(run.stored('build-log.txt'))).toEqual(STEPS);
  expect(run.stored('artifacts/whole.txt')).toBe('whole\n');
});

test('kill -9 of the entrypoint: the job ends, and what there was is there', { timeout: PATIENCE }, async () => {
  const run = await begin('steps');
  await run.logged('line 5');
  run.kill('test');
  await run.ended('failure');
  expect(lines(run.stored('build-log.txt'))).toEqual(STEPS.slice(0, 5));
  expect(JSON.parse(run.stored('finished.json'))).toMatchObject({ passed: false, result: 'FAILURE' });
});

test('a job that ignores all signals is killed after its grace period', { timeout: PATIENCE }, async () => {
  const run = await begin('stubborn');
  await run.ended('failure');
  const log = run.stored('build-log.txt');
  expect(log).toMatch(/^I stay\n/);
  expect(log).toContain('Process did not finish before 3s timeout');
  expect(log).toContain('Process did not exit before 1s grace period');
  expect(run.stored('artifacts/kept.txt')).toBe('');
});

test('a log of 500 MB and 10,000 artifacts are there, to the byte', { timeout: PATIENCE }, async () => {
  const run = await begin('big');
  await run.ended('success');
  expect(statSync(path.join(run.folder, 'build-log.txt')).size).toBe(LOG_BYTES);
  const many = readdirSync(path.join(run.folder, 'artifacts/many')).sort();
  expect(many).toHaveLength(ARTIFACTS);
  expect(run.stored(`artifacts/many/${many.at(-1)}`)).toBe(`${ARTIFACTS}\n`);
});
