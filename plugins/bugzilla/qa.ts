import { type Bug, isTransient } from '../../core/plugin/index.ts';
import type { Case } from './case.ts';
import { bugLink, errorMessage } from './words.ts';

const BY_EMAIL =
  'query byEmail($email: String!) { search(type: USER, query: $email, first: 5) { edges { node { ... on User { login } } } } }';

interface Found {
  search: { edges: { node: { login?: string } | null }[] };
}

/** Asks the person for a review who stands in Bugzilla as QA contact, if GitHub knows their address. Gives what is to be told; undefined where GitHub failed. */
export async function askQaContact({ context, event, url }: Case, bug: Bug): Promise<string | undefined> {
  const explicit = event.why === 'assign-qa' || event.why === 'cc-qa';
  const link = bugLink(bug.id, url);
  const contact = bug.qa_contact_detail;
  if (!contact) return explicit ? `${link} does not have a QA contact, skipping assignment` : '';
  const { email } = contact;
  if (email === '') return explicit ? `QA contact for ${link} does not have a listed email, skipping assignment` : '';
  try {
    const found = (await context.ports.search.query(BY_EMAIL, { email })) as Found;
    const deprecated = event.why === 'assign-qa' ? DEPRECATED : '';
    return `\n\n${asked(
      email,
      found.search.edges.map(({ node }) => node?.login ?? ''),
    )}${deprecated}`;
  } catch (error) {
    if (isTransient(error)) throw error;
    await event.reply(errorMessage(`querying GitHub for users with public email (${email})`, url, bug.id, error));
    return undefined;
  }
}

const DEPRECATED =
  '\n\n**DEPRECATION NOTICE**: The command `assign-qa` has been deprecated. Please use the `cc-qa` command instead.';

function asked(email: string, logins: readonly string[]): string {
  const whose = `matching the public email listed for the QA contact in Bugzilla (${email}), skipping review request.`;
  if (logins.length === 0) return `No GitHub users were found ${whose}`;
  if (logins.length === 1) return `Requesting review from QA contact:\n/cc @${logins[0]}`;
  return `Multiple GitHub users were found ${whose} List of users with matching email:${logins.map((login) => `\n\t- ${login}`).join('')}`;
}
