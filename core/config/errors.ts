import { readFileSync } from 'node:fs';
import { CutwaterError } from '../errors.ts';
import { locate, type Path } from './position.ts';

/** Something that is wrong in one file. `path` leads to the key. */
export interface ConfigProblem {
  file: string;
  path: Path;
  message: string;
}

/** A configuration that cannot be used: every problem in `problems`, the first ones in the message. */
export class ConfigError extends CutwaterError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('config', summary(problems));
    this.problems = problems;
  }
}

const SHOWN = 10;

function summary(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, SHOWN).map(describeProblem);
  const more = problems.length - lines.length;
  return more > 0 ? `${lines.join('\n')}\nand ${more} more` : lines.join('\n');
}

/** `file:line:column: key.sub[2]: what is wrong`. */
export function describeProblem({ file, path, message }: ConfigProblem): string {
  if (path.length === 0) return message.startsWith(file) ? message : `${file}: ${message}`;
  return `${positionOf(file, path)}: ${keyOf(path)}: ${message}`;
}

export function positionOf(file: string, path: Path): string {
  try {
    const { line, column } = locate(readFileSync(file, 'utf8'), path);
    return `${file}:${line}:${column}`;
  } catch {
    return file;
  }
}

/** `presubmits["org/repo"][3].spec`, as one would write it in a query. */
export function keyOf(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text ? `${text}.${step}` : step;
  }, '');
}
