import { isMap } from '../config/decode.ts';
import { parseYaml, UNTRUSTED_LIMITS } from '../config/yaml.ts';
import { messageOf } from '../errors.ts';

/** Names of groups, and whom they stand for; logins as `normLogin` gives them. */
export type OwnersAliases = ReadonlyMap<string, ReadonlySet<string>>;

/** A login as OWNERS compare it: lower case, without `@`. */
export function normLogin(login: string): string {
  const lower = login.toLowerCase();
  return lower.startsWith('@') ? lower.slice(1) : lower;
}

/** Reads OWNERS_ALIASES. A group that is written wrongly is told and left out; the others hold (Prow: ParseAliasesConfig). */
export function parseAliases(text: string, path: string): { aliases: OwnersAliases; problems: string[] } {
  let raw: unknown;
  try {
    raw = parseYaml(text, path, UNTRUSTED_LIMITS);
  } catch (error) {
    return { aliases: new Map(), problems: [messageOf(error)] };
  }
  const groups = isMap(raw) ? raw.aliases : undefined;
  if (groups === undefined || groups === null) return { aliases: new Map(), problems: [] };
  if (!isMap(groups)) return { aliases: new Map(), problems: [`${path}: aliases: must be a map of groups`] };
  const aliases = new Map<string, Set<string>>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(groups)) {
    const members = membersOf(value);
    if (members) aliases.set(normLogin(name), new Set(members.map(normLogin)));
    else problems.push(`${path}: alias group '${name}' must contain a list of members`);
  }
  return { aliases, problems };
}

/** A list; a map's keys (`{alice, bob}`); nothing at all is an empty group. */
function membersOf(value: unknown): string[] | undefined {
  if (value === null) return [];
  if (isMap(value)) return Object.keys(value);
  if (!Array.isArray(value)) return undefined;
  return value.every((member): member is string => typeof member === 'string') ? value : undefined;
}

/** `logins` with every alias replaced by its members; aliases in aliases are not looked up, as in Prow. */
export function expandAliases(logins: Iterable<string>, aliases: OwnersAliases): Set<string> {
  const expanded = new Set<string>();
  for (const login of logins) {
    const name = normLogin(login);
    if (name === '') continue;
    for (const member of aliases.get(name) ?? [name]) expanded.add(member);
  }
  return expanded;
}
