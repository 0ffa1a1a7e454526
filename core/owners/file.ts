import { z } from 'zod';
import { compilePattern, type Pattern } from '../config/pattern.ts';
import { readValue } from '../config/section.ts';
import { parseYaml, UNTRUSTED_LIMITS } from '../config/yaml.ts';
import { messageOf } from '../errors.ts';

const names = z.array(z.string()).default([]);
const Roles = z.object({ approvers: names, reviewers: names, required_reviewers: names, labels: names });
const Options = z.object({
  no_parent_owners: z.boolean().default(false),
  auto_approve_unowned_subfolders: z.boolean().default(false),
});
const Simple = Roles.extend({ options: Options.prefault({}) });
const Full = z.object({ options: Options.prefault({}), filters: z.record(z.string(), Roles).default({}) });

export type OwnersOptions = z.output<typeof Options>;

/** Whom and what one part of an OWNERS file names, as written. */
type OwnersRoles = z.output<typeof Roles>;

interface OwnersRule extends OwnersRoles {
  /** Of the path relative to the file's directory; undefined where the rule holds for all of it. */
  pattern?: Pattern;
}

/** One OWNERS file, or the head of a Markdown file. */
export interface OwnersFile {
  rules: OwnersRule[];
  options: OwnersOptions;
  /** What is wrong with it, one line each; what could be read holds all the same. */
  problems: string[];
}

/**
 * Reads an OWNERS file: the simple form, or, where that names nobody and nothing, the form with filters
 * (Prow: pkg/repoowners/repoowners.go, walkFunc).
 */
export function parseOwners(text: string, path: string): OwnersFile {
  let raw: unknown;
  try {
    raw = parseYaml(text, path, UNTRUSTED_LIMITS);
  } catch (error) {
    return nothing([messageOf(error)]);
  }
  const simple = readValue(Simple, raw);
  const problems = simple.reading.problems.map((problem) => describe(path, problem));
  if (problems.length === 0 && !isEmpty(simple.value)) {
    const { options, ...roles } = simple.value;
    return { rules: [roles], options, problems };
  }
  return parseFull(raw, path, problems);
}

function parseFull(raw: unknown, path: string, problems: string[]): OwnersFile {
  const { value, reading } = readValue(Full, raw);
  if (reading.problems.length > 0)
    return nothing([...problems, ...reading.problems.map((problem) => describe(path, problem))]);
  const rules = Object.entries(value.filters).flatMap(([source, roles]): OwnersRule[] => {
    if (source === '.*') return [roles];
    try {
      return [{ ...roles, pattern: compilePattern(source) }];
    } catch (error) {
      problems.push(`${path}: filters.${source}: ${messageOf(error)}`);
      return [];
    }
  });
  return { rules, options: value.options, problems };
}

/** The head of a Markdown file, between `---` lines; a file without one names nobody. */
export function parseMarkdownOwners(text: string, path: string): OwnersFile {
  const end = text.startsWith('---\n') ? text.indexOf('\n---', 4) : -1;
  if (end < 0) return nothing([]);
  let raw: unknown;
  try {
    raw = parseYaml(text.slice(4, end + 1), path, UNTRUSTED_LIMITS);
  } catch (error) {
    return nothing([messageOf(error)]);
  }
  const { value, reading } = readValue(Simple, raw);
  if (reading.problems.length > 0) return nothing(reading.problems.map((problem) => describe(path, problem)));
  const { options, ...roles } = value;
  return { rules: [roles], options, problems: [] };
}

function isEmpty(roles: OwnersRoles): boolean {
  const { approvers, reviewers, required_reviewers, labels } = roles;
  return approvers.length + reviewers.length + required_reviewers.length + labels.length === 0;
}

function nothing(problems: string[]): OwnersFile {
  return { rules: [], options: Options.parse({}), problems };
}

function describe(file: string, problem: { path: readonly (string | number)[]; message: string }): string {
  const where = problem.path.filter((step) => step !== '').join('.');
  return where === '' ? `${file}: ${problem.message}` : `${file}: ${where}: ${problem.message}`;
}
