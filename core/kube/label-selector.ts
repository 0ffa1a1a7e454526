import { CutwaterError } from '../errors.ts';

/** Chooses objects by their labels. */
export interface LabelSelector {
  matches(labels: Readonly<Record<string, string>>): boolean;
}

type Test = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = '(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)';
const KEY = `(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/)?${NAME}`;
const VALUE = `${NAME}?`;
const REQUIREMENT = new RegExp(
  `^\\s*(?:(?<absent>!)\\s*)?(?<key>${KEY})\\s*(?:(?<sign>==?|!=|>|<)\\s*(?<value>${VALUE})|(?<set>in|notin)\\s*\\((?<values>[^()]*)\\))?\\s*$`,
);
const VALUES = new RegExp(`^${VALUE}$`);

/** Reads `a=b, !c, d in (e, f), g>1` (Kubernetes: labels.Parse). Nothing chooses everything. Throws `config`. */
export function parseLabelSelector(text: string): LabelSelector {
  // Commas inside parentheses part values, the others requirements.
  const parts = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/);
  const tests = parts.map((part) => requirement(part, text));
  return { matches: (labels) => tests.every((test) => test(labels)) };
}

function requirement(part: string, text: string): Test {
  const groups = REQUIREMENT.exec(part)?.groups;
  if (!groups) throw new CutwaterError('config', `unable to parse requirement ${JSON.stringify(part)} of ${text}`);
  const { absent, key = '', sign, value = '', set, values } = groups;
  if (absent && (sign || set)) throw new CutwaterError('config', `unable to parse requirement ${JSON.stringify(part)}`);
  if (set)
    return setTest(
      key,
      set,
      (values ?? '').split(',').map((one) => one.trim()),
    );
  if (sign) return signTest(key, sign, value);
  return absent ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
}

function setTest(key: string, set: string, values: string[]): Test {
  const wrong = values.find((value) => !VALUES.test(value));
  if (wrong !== undefined) throw new CutwaterError('config', `${JSON.stringify(wrong)} is no value of a label`);
  const has: Test = (labels) => values.includes(labels[key] ?? '') && Object.hasOwn(labels, key);
  return set === 'in' ? has : (labels) => !has(labels);
}

function signTest(key: string, sign: string, value: string): Test {
  if (sign === '!=') return (labels) => labels[key] !== value;
  if (sign.startsWith('=')) return (labels) => labels[key] === value;
  if (!/^\d+$/.test(value)) throw new CutwaterError('config', `for '>' and '<' the value must be an integer: ${value}`);
  const bound = Number(value);
  return ({ [key]: label = '' }) =>
    /^-?\d+$/.test(label) && (sign === '>' ? Number(label) > bound : Number(label) < bound);
}
