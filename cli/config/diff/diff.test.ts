import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { differences } from './difference.ts';
import { run } from './index.ts';

describe('differences', () => {
  test.each<[unknown, unknown, unknown]>([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2 }, [{ path: 'a', old: 1, new: 2 }]],
    [{}, { a: { b: 1 } }, [{ path: 'a', new: { b: 1 } }]],
    [{ a: [1, 2] }, { a: [1] }, [{ path: 'a[1]', old: 2 }]],
    [{ a: { b: 1 } }, { a: [1] }, [{ path: 'a', old: { b: 1 }, new: [1] }]],
    [
      [
        { name: 'x', v: 1 },
        { name: 'y', v: 2 },
      ],
      [{ name: 'y', v: 3 }],
      [
        { path: 'x', old: { name: 'x', v: 1 } },
        { path: 'y.v', old: 2, new: 3 },
      ],
    ],
  ])('%j and %j', (before, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
  });
});

describe('diff-config', () => {
  let folder: string;
  let printed: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'diff-'));
    vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  function put(name: string, text: string): string {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  const jobs = (...rows: string[]) => `presubmits:\n  org/repo:\n${rows.map((row) => `  - {${row}}\n`).join('')}`;
  const SPEC = 'spec: {containers: [{name: test, image: one, command: [make]}]}';

  test('tells jobs that come, go and change, and what branches require then', async () => {
    const before = put('old.yaml', jobs(`name: a, always_run: true, ${SPEC}`, `name: gone, ${SPEC}`));
    const after = put(
      'new.yaml',
      jobs(`name: a, always_run: true, ${SPEC.replace('one', 'two')}`, `name: new, always_run: true, ${SPEC}`),
    );
    await run(['--format=jsonl', before, after]);
    const records = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [gone, changed, added, policy] = records;
    expect(gone).toMatchObject({ kind: 'job', change: 'removed', type: 'presubmit', repo: 'org/repo', name: 'gone' });
    expect(changed.differences.map((one: { path: string }) => one.path)).toContain(
      'prowjob.spec.pod_spec.containers.test.image',
    );
    expect(changed.differences.map((one: { path: string }) => one.path)).toContain('pod.spec.containers.test.image');
    expect(added).toMatchObject({ change: 'added', name: 'new' });
    expect(policy).toMatchObject({ kind: 'policy', change: 'changed', repo: 'org/repo', branch: 'main' });
  });

  test('tells when a job runs, and whose questions have another answer', async () => {
    put('old/c.yaml', jobs(`name: a, always_run: true, ${SPEC}`));
    put('new/c.yaml', jobs(`name: a, run_if_changed: go$, ${SPEC}`));
    const queries = put('queries', '{"repo":"org/repo","branch":"main","files":["x.md"],"comment":"/test all"}\n');
    await run([`--queries=${queries}`, '--config-path=c.yaml', path.join(folder, 'old'), path.join(folder, 'new')]);
    expect(printed).toContain('~ presubmit org/repo a\n    when.always_run: true → (nothing)\n');
    expect(printed).toContain('~ /test all on org/repo at main, 1 files changed\n    run: "a" → ""\n');
  });

  test('what only looks different is none', async () => {
    const text = jobs(`name: a, ${SPEC}`);
    await run([put('old.yaml', text), put('new.yaml', `# moved\n${text}`)]);
    expect(printed).toBe('nothing changes\n');
  });

  test.each([[[]], [['one']], [['one', 'two', 'three']], [['none', 'none']]])('%j is wrong usage', async (argv) => {
    await expect(run(argv)).rejects.toMatchObject({ code: 'usage' });
  });
});
