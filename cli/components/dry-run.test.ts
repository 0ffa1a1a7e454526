import { expect, it } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import { readOnlyStore } from './dry-run.ts';

it('answers writes as if they had happened, and changes nothing', async () => {
  const store = new EmbeddedStore({ path: ':memory:' });
  await store.create(sampleJob('kept'));
  const dry = readOnlyStore(store, createLogger('test', 'silent'));
  await dry.create(sampleJob('new'));
  const changed = await dry.update('kept', (job) => ({ ...job, status: { ...job.status, state: 'aborted' } }));
  await dry.delete('kept');
  expect(changed.status.state).toBe('aborted');
  const { items } = await store.list();
  expect(items.map(({ metadata, status }) => [metadata.name, status.state])).toEqual([['kept', 'triggered']]);
  await expect(dry.update('missing', (job) => job)).rejects.toMatchObject({ code: 'not-found' });
  store.close();
});
