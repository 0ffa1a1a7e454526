import { Buffer } from 'node:buffer';
import { GO_RANDOM_STATE } from './go-random-state.ts';

const LENGTH = 607;
const TAP = 273;
const MAX_INT32 = 2 ** 31 - 1;

/**
 * What Go's `rand.New(rand.NewSource(seed)).Perm(length)` gives: Prow orders the people whom it suggests by it, and a team that moves over should
 * not see other people suggested (and every notification written anew).
 */
export function goPermutation(seed: number, length: number): number[] {
  const next = int31(seed);
  const order: number[] = [];
  for (let index = 0; index < length; index++) {
    const place = below(next, index + 1);
    order[index] = order[place] ?? index;
    order[place] = index;
  }
  return order;
}

/** Evenly among the numbers below `limit`. */
function below(next: () => number, limit: number): number {
  const usable = 2 ** 31 - (2 ** 31 % limit);
  let value = next();
  while (value >= usable) value = next();
  return value % limit;
}

/** An additive lagged Fibonacci generator; each call gives 31 bits. */
function int31(seed: number): () => number {
  const state = seeded(seed);
  let tap = 0;
  let feed = LENGTH - TAP;
  return () => {
    tap = tap === 0 ? LENGTH - 1 : tap - 1;
    feed = feed === 0 ? LENGTH - 1 : feed - 1;
    const sum = (state[feed] ?? 0n) + (state[tap] ?? 0n);
    state[feed] = sum;
    return Number(BigInt.asUintN(63, sum) >> 32n);
  };
}

function seeded(seed: number): BigUint64Array {
  const start = Buffer.from(GO_RANDOM_STATE, 'base64');
  const state = new BigUint64Array(LENGTH);
  let x = seed % MAX_INT32 || 89_482_311;
  const step = () => {
    x = (x * 48_271) % MAX_INT32;
    return BigInt(x);
  };
  for (let skipped = 0; skipped < 20; skipped++) step();
  for (let index = 0; index < LENGTH; index++)
    state[index] = (step() << 40n) ^ (step() << 20n) ^ step() ^ start.readBigUInt64BE(index * 8);
  return state;
}
