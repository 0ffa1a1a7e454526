import { type CommandEventContext, sameLogin } from '../../core/plugin/index.ts';
import type { RestrictedLabel } from './config.ts';

/** So many people are named at most to somebody who may not set a label. */
const SHOWN_USERS = 20;

type Context = Pick<CommandEventContext<'people'>, 'event' | 'ports' | 'reply' | 'random'>;

/** Whether the person may set a label; tells them where not. */
export async function mayBeSet(
  label: string,
  restricted: ReadonlyMap<string, RestrictedLabel>,
  { event, ports, reply, random }: Context,
): Promise<boolean> {
  const entry = restricted.get(label);
  if (!entry || entry.allowed_users.some((user) => sameLogin(user, event.user))) return true;
  for (const team of entry.allowed_teams) if (await ports.people.isTeamMember(event.org, team, event.user)) return true;
  const whom =
    entry.allowed_teams.length > 0
      ? ` Must be a member of one of these teams: ${entry.allowed_teams.join(', ')}`
      : ` Consider assigning one of the following members: ${some(entry.allowed_users, random).join(',')}`;
  const words = `The label(s) \`${label}\` cannot be applied or removed, because you are not in one of the allowed teams and are not an allowed user.`;
  await reply(entry.allowed_teams.length + entry.allowed_users.length > 0 ? words + whom : words);
  return false;
}

function some(users: string[], random: () => number): string[] {
  const drawn = users.map((user) => ({ user, lot: random() }));
  return drawn
    .sort((a, b) => a.lot - b.lot)
    .slice(0, SHOWN_USERS)
    .map(({ user }) => user);
}
