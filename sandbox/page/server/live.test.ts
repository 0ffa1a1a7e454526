import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, ChangeFeed } from '../../model/changes.ts';
import { Table } from '../../model/table.ts';
import { openStream } from '../testing/stream.ts';
import type { LiveMessage } from '../views.ts';
import { streamView } from './live.ts';

/** A view that says how much had happened when it was made. */
const viewAt = (version: number) => ({ kind: 'message', version, chrome: { now: '' }, heading: `at ${version}` });

describe('a stream of views', () => {
  const feed = new ChangeFeed(new Table<Change>('changes', { put() {}, drop() {} }));
  const happens = () =>
    feed.add({ at: '', kind: 'push', actor: 'alice', repo: 'acme/widgets', numbers: [1], data: {} }).id;
  let builds: { at: number; finish: () => void }[];
  let wanted: (() => void)[];
  let server: Server;
  let stream: Awaited<ReturnType<typeof openStream>>;

  beforeEach(async () => {
    [builds, wanted] = [[], []];
    const build = () =>
      new Promise<ReturnType<typeof viewAt>>((resolve) => {
        const at = feed.lastId;
        builds.push({ at, finish: () => resolve(viewAt(at)) });
        wanted.shift()?.();
      });
    server = createServer((request, response) => void streamView(request, response, { feed }, feed.lastId, build));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    stream.close();
    server.closeAllConnections();
    server.close();
  });

  const begun = () => (builds.length > 0 ? undefined : new Promise<void>((resolve) => wanted.push(resolve)));
  /** Finishes the build that is under way, or that begins next, after `meanwhile`. */
  async function finishBuild(meanwhile: () => void = () => {}): Promise<void> {
    await begun();
    meanwhile();
    builds.shift()?.finish();
  }
  async function shown(): Promise<unknown> {
    return ((await stream.nextOf('view')).data as LiveMessage).parts.heading;
  }

  it('tells what happened while its first view was made', async () => {
    let last = 0;
    const opening = openStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await finishBuild(() => {
      last = happens();
    });
    stream = await opening;
    await finishBuild();
    expect(await shown()).toBe(`at ${last}`);
  });

  it('makes one view at a time, and ends with the newest', async () => {
    const opening = openStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await finishBuild();
    stream = await opening;
    const first = happens();
    let second = 0;
    await begun();
    second = happens();
    // Long enough for a second one to be begun, were it not to wait.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(builds.map(({ at }) => at)).toEqual([first]);
    await finishBuild();
    expect(await shown()).toBe(`at ${first}`);
    await finishBuild();
    expect(await shown()).toBe(`at ${second}`);
  });
});
