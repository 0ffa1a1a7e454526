import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CachedAnswer, openCacheFile } from './cache-file.ts';

const log = pino({ level: 'silent' });
const answer = (body: string): CachedAnswer => ({ etag: '"e"', headers: [['link', 'x']], body, at: 5 });
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-file-'));
  path = join(folder, 'sub', 'cache.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('answers on disk', () => {
  it('are there after a restart', () => {
    const first = openCacheFile(path, 1e6, log);
    first.set('a', answer('hello'));
    expect(first.get('a')).toEqual(answer('hello'));
    first.close();
    const second = openCacheFile(path, 1e6, log);
    expect(second.get('a')).toEqual(answer('hello'));
    expect(second.get('b')).toBeUndefined();
    second.close();
  });

  it('take no more room than they may, the longest unused going first', () => {
    const body = 'x'.repeat(1000);
    for (let round = 0; round < 10; round++) {
      const file = openCacheFile(path, 200_000, log);
      for (let n = 0; n < 100; n++) file.set(`${round}/${n}`, answer(body));
      file.close();
    }
    const file = openCacheFile(path, 200_000, log);
    const left = (round: number) => Array.from({ length: 100 }, (_, n) => file.get(`${round}/${n}`)).filter(Boolean);
    expect(left(0)).toEqual([]);
    expect(left(9).length).toBeGreaterThan(0);
    const all = Array.from({ length: 10 }, (_, round) => left(round).length).reduce((sum, count) => sum + count, 0);
    expect(all * 1000).toBeLessThanOrEqual(200_000);
    file.close();
    expect(statSync(path).size).toBeLessThan(2_000_000);
  });

  it('keep what is used while the file is full', () => {
    const file = openCacheFile(path, 200_000, log);
    file.set('kept', answer('k'));
    file.close();
    for (let round = 0; round < 5; round++) {
      const again = openCacheFile(path, 200_000, log);
      expect(again.get('kept')).toEqual(answer('k'));
      for (let n = 0; n < 100; n++) again.set(`${round}/${n}`, answer('x'.repeat(1000)));
      again.close();
    }
  });

  it('are asked for anew where they can not be read', () => {
    const file = openCacheFile(path, 1e6, log);
    file.set('a', answer('hello'));
    file.close();
    const other = new DatabaseSync(path);
    other.exec("UPDATE answers SET headers = '[['");
    other.close();
    const again = openCacheFile(path, 1e6, log);
    expect(again.get('a')).toBeUndefined();
    again.close();
  });

  it('are done without where the file is none of ours', () => {
    const broken = join(folder, 'broken.db');
    writeFileSync(broken, 'this is no database, but a text that is long enough to be looked at'.repeat(20));
    const file = openCacheFile(broken, 1e6, log);
    file.set('a', answer('hello'));
    expect(file.get('a')).toBeUndefined();
    file.close();
  });
});
