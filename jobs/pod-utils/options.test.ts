import { describe, expect, it } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { run as clonerefs } from './clonerefs/index.ts';
import { run as entrypoint } from './entrypoint/index.ts';
import { run as gcsupload } from './gcsupload/index.ts';
import { run as initupload } from './initupload/index.ts';
import { assertShape } from './shape.ts';
import { run as sidecar } from './sidecar/index.ts';
import { SIDECAR_SHAPE } from './sidecar/options.ts';
import { testRuntime } from './testing.ts';

const utilities = { clonerefs, entrypoint, gcsupload, initupload, sidecar };
type Utility = keyof typeof utilities;

/** Runs a utility; its exit code, what it printed and what it logged. */
async function outcome(utility: Utility, argv: string[], options?: unknown) {
  const logged: string[] = [];
  const runtime = { ...testRuntime(), log: createLogger('test', 'info', (line) => logged.push(line)) };
  const env = options === undefined ? {} : { [`${utility.toUpperCase()}_OPTIONS`]: JSON.stringify(options) };
  const code = await utilities[utility](argv, env, runtime);
  return { code, output: runtime.output(), logged: logged.join('') };
}

describe('--help', () => {
  it.each(Object.keys(utilities) as Utility[])('lists the flags of %s', async (utility) => {
    const { code, output } = await outcome(utility, ['--help']);
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^usage: cutwater ${utility} .* ${utility.toUpperCase()}_OPTIONS\\n\\n  --`));
  });
});

describe('options of the wrong kind are refused by name', () => {
  const gcs = { bucket: 'b', path_strategy: 'explicit' };
  it.each<{ utility: Utility; options: unknown; problem: string }>([
    { utility: 'clonerefs', options: null, problem: 'it is null, not an object' },
    { utility: 'clonerefs', options: [], problem: 'it is [], not an object' },
    { utility: 'clonerefs', options: { refs: 'x' }, problem: 'refs is "x", not a list' },
    {
      utility: 'clonerefs',
      options: { refs: [{ pulls: [{ number: '1' }] }] },
      problem: 'refs[0].pulls[0].number is "1", not a number',
    },
    { utility: 'entrypoint', options: { args: 'true' }, problem: 'args is "true", not a list' },
    { utility: 'entrypoint', options: { timeout: '2h' }, problem: 'timeout is "2h", not a number' },
    { utility: 'gcsupload', options: { ...gcs, items: [1] }, problem: 'items[0] is 1, not a string' },
    { utility: 'initupload', options: { ...gcs, log: {} }, problem: 'log is {}, not a string' },
  ])('$utility: $problem', async ({ utility, options, problem }) => {
    const { code, logged } = await outcome(utility, [], options);
    expect(code).toBe(1);
    expect(logged).toContain(JSON.stringify(problem).slice(1, -1));
  });

  it.each([
    { options: { gcs_options: { dry_run: 'yes' } }, problem: 'gcs_options.dry_run is "yes", not a boolean' },
    { options: { entries: [{ marker_file: 1 }] }, problem: 'entries[0].marker_file is 1, not a string' },
    { options: { censoring_options: [] }, problem: 'censoring_options is [], not an object' },
  ])('sidecar: $problem', ({ options, problem }) => {
    expect(() => assertShape(options, SIDECAR_SHAPE)).toThrow(problem);
  });
});
