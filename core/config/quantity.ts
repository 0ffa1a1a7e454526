import { type Decoder, problem } from './decode.ts';

const QUANTITY = /^([+-]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO = 10n ** 9n;

const canonical = new Map<string, string | undefined>();

/**
 * A resource quantity as Kubernetes writes it back: `1000m` is `1`, `1.5Gi` is `1536Mi`, `0.5` is `500m`. Undefined where it is none.
 * Source: k8s.io/apimachinery/pkg/api/resource.
 */
export function canonicalQuantity(text: string): string | undefined {
  if (!canonical.has(text)) canonical.set(text, canonicalize(text));
  return canonical.get(text);
}

function canonicalize(text: string): string | undefined {
  const found = QUANTITY.exec(text);
  if (!found) return undefined;
  const [, sign, digits = '', suffix = ''] = found;
  const nanos = scaled(digits, suffix);
  if (nanos === 0n) return '0';
  const prefix = sign === '-' ? '-' : '';
  if (suffix.endsWith('i') && nanos % NANO === 0n && nanos >= 1024n * NANO) return prefix + binary(nanos / NANO);
  return prefix + decimal(nanos, /^[eE]./.test(suffix));
}

/** Billionths, rounded up as Kubernetes does. */
function scaled(digits: string, suffix: string): bigint {
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${fraction}` || '0');
  const power = 9 - fraction.length + (suffix.endsWith('i') ? 0 : exponentOf(suffix));
  const factor = suffix.endsWith('i') ? 1024n ** BigInt(BINARY.indexOf(suffix)) : 1n;
  const value = mantissa * factor;
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

function exponentOf(suffix: string): number {
  if (suffix.length > 1) return Number(suffix.slice(1));
  return (DECIMAL.indexOf(suffix) - 3) * 3;
}

function binary(value: bigint): string {
  let [rest, step] = [value, 0];
  while (rest % 1024n === 0n && step < BINARY.length - 1) {
    rest /= 1024n;
    step++;
  }
  return `${rest}${BINARY[step]}`;
}

function decimal(nanos: bigint, scientific: boolean): string {
  let [rest, exponent] = [nanos, -9];
  while (rest % 1000n === 0n && (scientific || exponent < 18)) {
    rest /= 1000n;
    exponent += 3;
  }
  if (!scientific) return `${rest}${DECIMAL[exponent / 3 + 3]}`;
  return exponent === 0 ? String(rest) : `${rest}e${exponent}`;
}

/** Kubernetes takes numbers as quantities as well. */
export const asQuantity: Decoder = (raw, reading) => {
  if (raw === null || raw === undefined) return undefined;
  const text = typeof raw === 'number' || typeof raw === 'bigint' ? String(raw) : raw;
  const value = typeof text === 'string' ? canonicalQuantity(text.trim()) : undefined;
  return value ?? problem(reading, `${JSON.stringify(text)} is not a quantity like 100m, 2 or 4Gi`);
};

export const asIntOrString: Decoder = (raw, reading) => {
  if (raw === null || raw === undefined || typeof raw === 'string') return raw ?? undefined;
  if (typeof raw === 'number' && Number.isInteger(raw)) return raw;
  return problem(reading, 'must be a number or text');
};
