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

/** Whoever is newly named as an owner and not trusted, as the first of them writes it, with the files that name them. */
export async function untrustedOwners(
  { ports, config, bot }: Context,
  org: string,
  files: readonly NamedOwners[],
  aliases: OwnersAliases,
): Promise<Map<string, string[]>> {
  const named = new Map<string, { written: string; paths: Set<string> }>();
  for (const { path, patch, owners } of files) {
    const isAdded = namesAdded(patch);
    for (const owner of owners) {
      const login = normLogin(owner);
      if (aliases.has(login) || !isAdded(login)) continue;
      const person = named.get(login) ?? { written: owner.replace(/^@/, ''), paths: new Set() };
      person.paths.add(path);
      named.set(login, person);
    }
  }
  const untrusted = new Map<string, string[]>();
  for (const [login, { written, paths }] of [...named].slice(0, MOST))
    if (!(await trustOf(login, bot, org, config.triggers, ports.people))) untrusted.set(written, [...paths]);
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
