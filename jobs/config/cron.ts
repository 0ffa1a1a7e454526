import { Cron } from 'croner';
import { parseDuration } from '../../core/config/duration.ts';
import { CutwaterError } from '../../core/errors.ts';

/** When a periodic runs. */
export interface Schedule {
  /** The first time after `time`; undefined where there is none. */
  next(time: Date): Date | undefined;
}

interface Bounds {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Bounds[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 6, names: WEEKDAYS },
];
const NAMED: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads a cron line as robfig/cron does, which Prow uses: five fields, or six with seconds, `N/step`, names, `@hourly` and `@every 1h`,
 * `CRON_TZ=` in front; UTC otherwise. What it means in time is croner's business. Throws `config`.
 */
export function parseCron(text: string): Schedule {
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text);
  const timezone = zoned?.[1] ?? 'UTC';
  const line = (zoned?.[2] ?? text).trim();
  refuseUnknownZone(timezone);
  if (line.startsWith('@every ')) return every(parseDuration(line.slice('@every '.length)));
  if (line.startsWith('@') && !NAMED[line]) throw new CutwaterError('config', `unrecognized descriptor: ${line}`);
  const pattern = explicit((NAMED[line] ?? line).split(/\s+/).filter(Boolean));
  let cron: Cron | undefined;
  return {
    next(time) {
      cron ??= new Cron(pattern, { timezone });
      return cron.nextRun(time) ?? undefined;
    },
  };
}

function refuseUnknownZone(timeZone: string): void {
  if (timeZone === 'UTC') return;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    throw new CutwaterError('config', `provided bad location ${timeZone}`, { cause: error });
  }
}

/** Every so often from the time asked about, in whole seconds, one at least. */
function every(milliseconds: number): Schedule {
  const step = Math.max(1, Math.trunc(milliseconds / 1000)) * 1000;
  return { next: (time) => new Date(Math.floor(time.getTime() / 1000) * 1000 + step) };
}

/** Every field as the list of its values, so that no other reading of ranges and steps is possible; a star stays one. */
function explicit(fields: string[]): string {
  if (fields.length < 5 || fields.length > 6)
    throw new CutwaterError('config', `expected 5 to 6 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const six = fields.length === 5 ? ['0', ...fields] : fields;
  return six.map((field, index) => valuesOf(field, FIELDS[index] as Bounds)).join(' ');
}

function valuesOf(field: string, bounds: Bounds): string {
  const ranges = field
    .split(',')
    .filter(Boolean)
    .map((expression) => rangeOf(expression, bounds));
  if (ranges.includes('*')) return '*';
  return [...new Set(ranges.flat())].sort((a, b) => Number(a) - Number(b)).join(',');
}

function rangeOf(expression: string, bounds: Bounds): number[] | '*' {
  const [range = '', stepText, ...more] = expression.split('/');
  const [low = '', high, ...rest] = range.split('-');
  if (more.length > 0) throw new CutwaterError('config', `too many slashes: ${expression}`);
  if (rest.length > 0) throw new CutwaterError('config', `too many hyphens: ${expression}`);
  const step = stepText === undefined ? 1 : numberOf(stepText, []);
  const star = low === '*' || low === '?';
  if (star && step === 1) return '*';
  const start = star ? bounds.min : numberOf(low, bounds.names);
  const open = star || (high === undefined && stepText !== undefined);
  const end = open ? bounds.max : numberOf(high ?? low, bounds.names);
  refuseOutside(expression, bounds, start, end, step);
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

function refuseOutside(expression: string, { min, max }: Bounds, start: number, end: number, step: number): void {
  const wrong =
    start < min
      ? `beginning of range (${start}) below minimum (${min})`
      : end > max
        ? `end of range (${end}) above maximum (${max})`
        : start > end
          ? `beginning of range (${start}) beyond end of range (${end})`
          : step === 0
            ? 'step of range should be a positive number'
            : undefined;
  if (wrong) throw new CutwaterError('config', `${wrong}: ${expression}`);
}

function numberOf(text: string, names: readonly string[] = []): number {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return names === MONTHS ? named + 1 : named;
  if (!/^\+?[0-9]+$/.test(text)) throw new CutwaterError('config', `failed to parse int from ${text}`);
  return Number(text);
}
