import { anyone, none, plugin } from '../../core/plugin/index.ts';
import { settings } from './config.ts';
import { LABEL, NEEDS, verifyOwners as verify } from './verify.ts';

const p = plugin({
  name: 'verify-owners',
  summary: `The verify-owners plugin validates OWNERS and OWNERS_ALIASES files (by default) and ensures that they always contain collaborators of the org, if they are modified in a PR. On validation failure it automatically adds the '${LABEL}' label to the PR, and a review comment on the incriminating file(s). Per-repo configuration for filenames is possible.`,
  config: settings,
  needs: NEEDS,
});

const again = p.command({
  names: ['verify-owners'],
  args: none,
  on: 'pr',
  who: anyone,
  help: `Checks the OWNERS files of this change again, and sets or takes the \`${LABEL}\` label.`,
  examples: ['/verify-owners'],
  async run(context) {
    await verify(context, context.event.org, await context.ports.pull.get());
  },
});

const onPull = p.on('pull_request', ['opened', 'reopened', 'synchronize'], async (context) => {
  if (context.event.pull) await verify(context, context.event.org, context.event.pull);
});

export const verifyOwners = p.define({ commands: [again], handlers: [onPull] });
