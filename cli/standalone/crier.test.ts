import { describe, expect, it } from 'vitest';
import { workersOf } from './crier.ts';

describe("crier's workers", () => {
  it('leaves out reporters without any', () => {
    const workers = workersOf({ 'github-workers': 5, 'slack-workers': 0, 'blob-storage-workers': 1 });
    expect([...workers]).toEqual([
      ['github', 5],
      ['storage', 1],
    ]);
  });

  it('refuses to run for nothing', () => {
    expect(() => workersOf({ 'github-workers': 0 })).toThrow('at least one report worker');
  });
});
