import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { createKubeClient } from './client.ts';
import { reflect } from './reflector.ts';
import { fakeApiServer, reply } from './testing.ts';
import type { KubeObject } from './watch.ts';

let cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
  cleanup = [];
});

const object = (name: string, resourceVersion: string): KubeObject => ({ metadata: { name, resourceVersion } });
const event = (type: string, name: string, version: string) =>
  `${JSON.stringify({ type, object: object(name, version) })}\n`;
const expired = `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } })}\n`;

/** What a watch does once it is open; the last one of a script goes on for ever. */
type Watch = (response: ServerResponse) => void;
const ends =
  (...lines: string[]): Watch =>
  (response) =>
    void response.end(lines.join(''));
const stays =
  (...lines: string[]): Watch =>
  (response) =>
    void response.write(lines.join(''));
const breaks =
  (...lines: string[]): Watch =>
  (response) => {
    response.write(lines.join(''));
    setImmediate(() => response.destroy());
  };

/** Runs a reflector against lists and watches that are answered in turn, and notes what it asks and tells. */
async function run(lists: string[][], watches: Watch[]) {
  const told: string[] = [];
  const asked: string[] = [];
  const server = await fakeApiServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    if (query.has('watch')) {
      asked.push(`watch ${query.get('resourceVersion')} bookmarks=${query.get('allowWatchBookmarks')}`);
      response.writeHead(200).flushHeaders();
      return (watches.length > 1 ? watches.shift() : watches[0])?.(response);
    }
    asked.push(`list ${query.get('continue') ?? ''}`.trim());
    const names = (lists.length > 1 ? lists.shift() : lists[0]) ?? [];
    const more = names.at(-1) === '…';
    const items = names.filter((name) => name !== '…').map((name) => object(name, '5'));
    reply(response, 200, { items, metadata: { resourceVersion: '10', ...(more ? { continue: 'token' } : {}) } });
  });
  const client = createKubeClient(server.target);
  const abort = new AbortController();
  const sink = {
    listing: () => told.push('listing'),
    page: (items: KubeObject[]) => told.push(`page ${items.map(({ metadata }) => metadata.name)}`),
    listed: (version: string) => told.push(`listed ${version}`),
    event: (type: string, { metadata }: KubeObject, version: string) =>
      told.push(`${type} ${metadata.name} ${version}`),
    bookmark: (version: string) => told.push(`bookmark ${version}`),
    health: (problem: Error | undefined) => told.push(problem ? `problem: ${problem.message}` : 'well'),
  };
  const options = { client, path: '/x', log: createLogger('test', 'silent'), silenceMs: 150, maxPauseMs: 5 };
  const running = reflect(options, sink, abort.signal);
  cleanup.push(
    server.close,
    () => client.close(),
    async () => {
      abort.abort();
      await running;
    },
  );
  return { told, asked };
}

describe('a reflector', () => {
  it('lists in pages and then watches, asking for bookmarks', async () => {
    const { told, asked } = await run(
      [['a', 'b', '…'], ['c']],
      [stays(event('ADDED', 'd', '11'), event('BOOKMARK', '', '12'))],
    );
    await expect
      .poll(() => told.slice(0, 7))
      .toEqual(['listing', 'page a,b', 'page c', 'listed 10', 'well', 'ADDED d 11', 'bookmark 12']);
    expect(asked.slice(0, 3)).toEqual(['list', 'list token', 'watch 10 bookmarks=true']);
  });

  it.each<[string, Watch]>([
    ['the server ends the watch', ends(event('ADDED', 'd', '11'), event('BOOKMARK', '', '20'))],
    ['the connection breaks', breaks(event('ADDED', 'd', '11'), event('BOOKMARK', '', '20'))],
    ['the watch falls silent', stays(event('ADDED', 'd', '11'), event('BOOKMARK', '', '20'))],
  ])('goes on where it stood when %s', async (_, first) => {
    const { told, asked } = await run([['a']], [first, stays(event('DELETED', 'a', '21'))]);
    await expect.poll(() => told).toContain('DELETED a 21');
    expect(asked.slice(0, 3)).toEqual(['list', 'watch 10 bookmarks=true', 'watch 20 bookmarks=true']);
  });

  it('lists again where the server has forgotten its version, and says nothing of it', async () => {
    const { told, asked } = await run([['a', 'b'], ['b']], [ends(expired), stays()]);
    await expect.poll(() => told).toEqual(expect.arrayContaining(['listing', 'page a,b', 'page b']));
    expect(asked.slice(0, 3)).toEqual(['list', 'watch 10 bookmarks=true', 'list']);
    expect(told.slice(0, 8)).toEqual([
      'listing',
      'page a,b',
      'listed 10',
      'well',
      'listing',
      'page b',
      'listed 10',
      'well',
    ]);
  });

  it('takes a watch that ends as soon as it begins for a failure, which is not repeated without a pause', async () => {
    const { told } = await run([['a']], [ends()]);
    await expect.poll(() => told.slice(3, 5)).toEqual(['well', 'problem: the watch ended as soon as it began']);
  });

  it('says what is wrong, and when it works again', async () => {
    const { told } = await run([['a']], [breaks(), stays(event('ADDED', 'd', '11'))]);
    await expect.poll(() => told).toContain('ADDED d 11');
    expect(told.slice(3, 6)).toEqual(['well', expect.stringMatching(/^problem: the watch broke/), 'well']);
  });

  it('puts lines together that arrive in pieces', async () => {
    const line = event('ADDED', 'naïve-☃', '11');
    const pieces: Watch = (response) => {
      const bytes = Buffer.from(line);
      for (let i = 0; i < bytes.length; i++) response.write(bytes.subarray(i, i + 1));
    };
    const { told } = await run([['a']], [pieces]);
    await expect.poll(() => told).toContain('ADDED naïve-☃ 11');
  });
});
