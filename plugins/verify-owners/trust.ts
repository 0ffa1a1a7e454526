import {
  type CommandEventContext,
  normLogin,
  type OwnersAliases,
  type Triggers,
  trustOf,
} from '../../core/plugin/index.ts';
import type { VerifyOwnersSettings } from './config.ts';
import { namesAdded } from './patch.ts';

/** So many people are looked up at most, or a large change would use up the bot's requests. */
const MOST = 50;

type Context = Pick<CommandEventContext<'people', VerifyOwnersSettings>, 'ports' | 'config' | 'bot'>;

interface NamedOwners {
  path: string;
  patch: string;
  owners: readonly string[];
}

/** Whoever is newly named as an owner and not trusted, with the files that name them. */
export async function untrustedOwners(
  { ports, config, bot }: Context,
  org: string,
  files: readonly NamedOwners[],
  aliases: OwnersAliases,
): Promise<Map<string, string[]>> {
  const namedIn = new Map<string, Set<string>>();
  for (const { path, patch, owners } of files) {
    const isAdded = namesAdded(patch);
    for (const login of owners.map(normLogin))
      if (!aliases.has(login) && isAdded(login)) namedIn.set(login, (namedIn.get(login) ?? new Set()).add(path));
  }
  const untrusted = new Map<string, string[]>();
  for (const [login, paths] of [...namedIn].slice(0, MOST))
    if (!(await trustOf(login, bot, org, config.triggers, ports.people))) untrusted.set(login, [...paths]);
  return untrusted;
}

/** Prow's words: pkg/plugins/trigger/trigger.go, untrustedReason. */
export function untrustedReason(org: string, triggers: Triggers): string {
  const elsewhere = triggers.trusted_org !== '' && triggers.trusted_org !== org;
  return [
    'User is not a member of the org. ',
    triggers.only_org_members ? '' : 'User is not a collaborator. ',
    elsewhere ? 'User is not a member of the trusted secondary org. ' : '',
    'Satisfy at least one of these conditions to make the user trusted.',
  ].join('');
}
