import { hasCode } from '../errors.ts';
import type { PortMap } from '../ports/index.ts';

const TEAM = /^([^/]+)\/([^/]+)$/;

/** Logins and `org/team`, apart. A team of another organisation cannot review here; it is among the refused. */
export function splitReviewers(
  names: readonly string[],
  org: string,
): { users: string[]; teams: string[]; foreign: string[] } {
  const users = names.filter((name) => !TEAM.test(name));
  const teams = names.flatMap((name) => {
    const [, owner, slug = ''] = TEAM.exec(name) ?? [];
    return owner?.toLowerCase() === org.toLowerCase() ? [slug] : [];
  });
  const foreign = names.filter((name) => TEAM.exec(name)?.[1]?.toLowerCase() !== org.toLowerCase() && TEAM.test(name));
  return { users, teams, foreign };
}

/**
 * Asks for reviews; where GitHub refuses the lot because of one of them, each by itself. Gives those that it refused (Prow: RequestReview in
 * pkg/github/client.go).
 */
export async function requestReviews(pull: PortMap['pull'], names: readonly string[], org: string): Promise<string[]> {
  const { foreign } = splitReviewers(names, org);
  const possible = names.filter((name) => !foreign.includes(name));
  if (possible.length === 0) return foreign;
  if (await accepted(pull, possible, org)) return foreign;
  if (possible.length === 1) return [...foreign, ...possible];
  const refused: string[] = [];
  for (const name of possible) if (!(await accepted(pull, [name], org))) refused.push(name);
  return [...foreign, ...refused];
}

async function accepted(pull: PortMap['pull'], names: readonly string[], org: string): Promise<boolean> {
  const { users, teams } = splitReviewers(names, org);
  try {
    await pull.requestReview(users, teams);
    return true;
  } catch (error) {
    if (hasCode(error, 'invalid')) return false;
    throw error;
  }
}
