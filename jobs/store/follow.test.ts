import { expect, it } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { createLogger } from '../../core/log.ts';
import type { ProwJobStore } from '../api/store.ts';
import { EmbeddedStore } from './embedded.ts';
import { type FollowEvent, follow } from './follow.ts';
import { sampleJob } from './suite.ts';

const log = createLogger('test', 'silent');
const retry = { first: 1, longest: 1 };

function describeEvent(event: FollowEvent): string {
  return event.type === 'listed' ? `listed ${event.jobs.length}` : `${event.type} ${event.job.metadata.name}`;
}

it('lists, then tells every change, and ends with the signal', async () => {
  const store = new EmbeddedStore({ path: ':memory:' });
  await store.create(sampleJob('a'));
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const event of follow({ store, signal: abort.signal, log, retry })) {
    seen.push(describeEvent(event));
    if (seen.length === 1) await store.create(sampleJob('b'));
    else abort.abort();
  }
  expect(seen).toEqual(['listed 1', 'added b']);
});

it.each(['gone', 'transient'] as const)('lists again where the watch fails with %s', async (code) => {
  const store = new EmbeddedStore({ path: ':memory:' });
  let failures = 2;
  const failing: Pick<ProwJobStore, 'list' | 'watch'> = {
    list: () => store.list(),
    watch(version, signal) {
      if (failures-- > 0) throw new CutwaterError(code, 'no');
      return store.watch(version, signal);
    },
  };
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const event of follow({ store: failing as ProwJobStore, signal: abort.signal, log, retry })) {
    seen.push(describeEvent(event));
    if (seen.length === 3) await store.create(sampleJob('a'));
    if (seen.length === 4) abort.abort();
  }
  expect(seen).toEqual(['listed 0', 'listed 0', 'listed 0', 'added a']);
});
