import { z } from 'zod';
import type { PortMap } from '../ports/index.ts';
import { listSettings, repos } from './settings.ts';
import { sameLogin } from './who.ts';

const OrgInvite = z.object({
  prominent: z
    .object({
      disabled: z.boolean().default(false),
      merged_pr_threshold: z.number().default(3),
      message: z.string().default(''),
    })
    .prefault({}),
});

/** Section `triggers` of plugins.yaml: how the trigger plugin behaves, and whom other plugins trust (Prow: pkg/plugins/config.go, Trigger). */
export const Triggers = z.object({
  repos,
  trusted_apps: z.array(z.string()).default([]),
  trusted_org: z.string().default(''),
  join_org_url: z.string().default(''),
  only_org_members: z.boolean().default(false),
  ignore_ok_to_test: z.boolean().default(false),
  trigger_github_workflows: z.boolean().default(false),
  org_invite: OrgInvite.prefault({}),
});
export type Triggers = z.output<typeof Triggers>;

export const triggerSettings = listSettings('triggers', Triggers);

/** Where people ask to become trusted (Prow: Trigger.SetDefaults). */
export function joinUrl(triggers: Pick<Triggers, 'join_org_url' | 'trusted_org'>, org: string): string {
  return triggers.join_org_url || `https://github.com/orgs/${triggers.trusted_org || org}/people`;
}

/** Why somebody is trusted, or `undefined` where nobody vouches. */
export type Trust =
  | 'bot'
  | 'member'
  | 'collaborator'
  | 'trusted app'
  | 'member of the trusted organization'
  | undefined;

/** Prow: pkg/plugins/trigger/trigger.go, TrustedUser. Asks no more than it must, in Prow's order. */
export async function trustOf(
  login: string,
  bot: string,
  org: string,
  triggers: Pick<Triggers, 'only_org_members' | 'trusted_apps' | 'trusted_org'>,
  people: PortMap['people'],
): Promise<Trust> {
  if (sameLogin(login, bot)) return 'bot';
  if (await people.isMember(org, login)) return 'member';
  if (!triggers.only_org_members && (await people.isCollaborator(login))) return 'collaborator';
  if (login.endsWith('[bot]') && triggers.trusted_apps.some((app) => sameLogin(`${app}[bot]`, login)))
    return 'trusted app';
  if (triggers.trusted_org === '' || triggers.trusted_org === org) return undefined;
  return (await people.isMember(triggers.trusted_org, login)) ? 'member of the trusted organization' : undefined;
}
