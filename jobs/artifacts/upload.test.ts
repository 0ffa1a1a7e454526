import { describe, expect, it } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import type { Storage } from '../../core/storage/index.ts';
import { type UploadTarget, upload } from './upload.ts';

/** Storage that says no so many times, or always to some paths. */
function flaky(refuse: (path: string, attempt: number) => 'transient' | 'invalid' | undefined) {
  const written = new Map<string, unknown>();
  let attempts = 0;
  const write: Storage['write'] = async (path, source) => {
    const code = refuse(path, ++attempts);
    if (code) throw new CutwaterError(code, 'no');
    written.set(path, source);
  };
  return { storage: { write } as Storage, written, attempts: () => attempts };
}

const targets = (count: number): UploadTarget[] =>
  Array.from({ length: count }, (_, i) => ({ path: `p${i}`, sources: [`${i}`] }));
const plan = { concurrency: 4, pauses: [1, 1, 1] };

describe('an upload', () => {
  it('writes everything, also what the storage refused for a while', async () => {
    const { storage, written } = flaky((_path, attempt) =>
      attempt < 60 && attempt % 3 === 0 ? 'transient' : undefined,
    );
    await upload(storage, targets(100), plan);
    expect(written.size).toBe(100);
  });

  it('names what could not be written, after everything else is', async () => {
    const { storage, written } = flaky((path) => (path === 'p3' ? 'transient' : undefined));
    await expect(upload(storage, targets(10), plan)).rejects.toThrow('1 of 10 objects: p3: no');
    expect(written.size).toBe(9);
  });

  it('does not ask a storage that is away for every object', async () => {
    const { storage, attempts } = flaky(() => 'transient');
    await expect(upload(storage, targets(10_000), plan)).rejects.toMatchObject({ code: 'transient' });
    expect(attempts()).toBeLessThan(200);
  });

  it('does not repeat what would be refused again', async () => {
    const { storage, attempts } = flaky(() => 'invalid');
    await expect(upload(storage, targets(1), plan)).rejects.toMatchObject({ code: 'invalid' });
    expect(attempts()).toBe(1);
  });

  it('takes the next source where the first is not what it seemed', async () => {
    const { storage, written } = flaky((_path, attempt) => (attempt === 1 ? 'invalid' : undefined));
    await upload(storage, [{ path: 'p', sources: ['packed', 'plain'] }], plan);
    expect(written.get('p')).toBe('plain');
  });
});
