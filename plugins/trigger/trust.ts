import { hasLabel, trustOf } from '../../core/plugin/index.ts';
import { type Context, OK_TO_TEST } from './needs.ts';

/** Whether somebody is trusted to start jobs (Prow: TrustedUser). */
export async function isTrusted({ ports, config, bot }: Context, org: string, login: string): Promise<boolean> {
  return (await trustOf(login, bot, org, config, ports.people)) !== undefined;
}

/** Whether a pull request may be tested: its author is trusted, or somebody trusted has said so (Prow: TrustedPullRequest). */
export async function isTrustedPull(context: Context, org: string, author: string): Promise<boolean> {
  return (await isTrusted(context, org, author)) || hasLabel(await context.ports.labels.list(), OK_TO_TEST);
}
