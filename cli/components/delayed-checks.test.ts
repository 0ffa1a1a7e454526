import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { createDelayedChecks } from './delayed-checks.ts';

const at = { org: 'acme', repo: 'widgets', number: 5 };
const log = pino({ level: 'silent' });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function counted(outcome: () => Promise<boolean>) {
  const looks: number[] = [];
  const checks = createDelayedChecks(async ({ number = 0 }) => {
    looks.push(number);
    return outcome();
  }, log);
  return { checks, looks };
}

test('wishes within the wait are one look, each pull request for itself', async () => {
  const { checks, looks } = counted(async () => true);
  checks.soon(at, 0);
  await vi.advanceTimersByTimeAsync(4_000);
  checks.soon({ ...at, org: 'ACME' }, 0);
  checks.soon({ ...at, number: 6 }, 0);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(looks).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toEqual([5, 6]);
});

test('what GitHub does not know yet is asked again, and not for ever', async () => {
  const { checks, looks } = counted(async () => false);
  checks.soon(at, 0);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(looks).toHaveLength(5);
});

test.each([
  { code: 'transient' as const, looked: 5 },
  { code: 'forbidden' as const, looked: 1 },
])('a failure that is $code is tried $looked times', async ({ code, looked }) => {
  const { checks, looks } = counted(async () => {
    throw new CutwaterError(code, 'no');
  });
  checks.soon(at, 0);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(looks).toHaveLength(looked);
});

test('what was looked at lately is left alone until the time is over, or a sweep forgets it', async () => {
  const { checks, looks } = counted(async () => true);
  const wish = async () => {
    checks.soon(at, 60_000);
    await vi.advanceTimersByTimeAsync(6_000);
    return looks.length;
  };
  expect(await wish()).toBe(1);
  expect(await wish()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await wish()).toBe(2);
  checks.forget();
  expect(await wish()).toBe(3);
});

test('after the stop nothing is looked at', async () => {
  const { checks, looks } = counted(async () => true);
  checks.soon(at, 0);
  await checks.stop();
  checks.soon(at, 0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toEqual([]);
});

test('two looks at one pull request never overlap', async () => {
  let busy = 0;
  let most = 0;
  const checks = createDelayedChecks(async () => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    busy--;
    return true;
  }, log);
  checks.soon(at, 0);
  await vi.advanceTimersByTimeAsync(6_000);
  const second = checks.now(at);
  await vi.advanceTimersByTimeAsync(30_000);
  await second;
  expect(most).toBe(1);
});
