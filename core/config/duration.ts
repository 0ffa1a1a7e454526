import { CutwaterError } from '../errors.ts';

const UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const WHOLE = /^[-+]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /([0-9]*\.?[0-9]*)(ns|us|µs|μs|ms|s|m|h)/g;

/** Milliseconds of a Go duration (`1h30m`, `0`, `-1.5s`). Throws `config` with Go's words. */
export function parseDuration(text: string): number {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) throw new CutwaterError('config', `time: invalid duration ${JSON.stringify(text)}`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  return text.startsWith('-') ? -total : total;
}

/** The way Go prints a duration: `2h0m0s`, `1m30s`, `1.5s`, `250ms`, `0s`. Takes milliseconds. */
export function formatDuration(milliseconds: number): string {
  const sign = milliseconds < 0 ? '-' : '';
  const nanoseconds = Math.round(Math.abs(milliseconds) * 1e6);
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e3) return `${sign}${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${sign}${nanoseconds / 1e3}µs`;
  if (nanoseconds < 1e9) return `${sign}${nanoseconds / 1e6}ms`;
  const hours = Math.floor(nanoseconds / 3.6e12);
  const minutes = Math.floor((nanoseconds % 3.6e12) / 6e10);
  const seconds = Math.round(nanoseconds % 6e10) / 1e9;
  if (hours) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}
