import { anyone, none, plugin } from '../../core/plugin/index.ts';
import { checkSignOff, NEEDS } from './check.ts';
import { settings } from './config.ts';

const p = plugin({
  name: 'dco',
  summary:
    "The dco plugin checks pull request commits for 'DCO sign off' and maintains the 'dco' status context, as well as the 'dco' label.",
  config: settings,
  needs: NEEDS,
  snippet:
    'dco:\n  org/repo:\n    skip_dco_check_for_members: true\n    trusted_org: org\n    skip_dco_check_for_collaborators: true\n    contributing_repo: other-org/other-repo\n    contributing_branch: main\n    contributing_path: docs/CONTRIBUTING.md\n',
});

const check = p.command({
  names: ['check-dco'],
  args: none,
  on: 'pr',
  who: anyone,
  help: 'Forces rechecking of the DCO status.',
  examples: ['/check-dco'],
  featured: true,
  async run(context) {
    await checkSignOff(context, context.event, await context.ports.pull.get(), true);
  },
});

const onPull = p.on('pull_request', ['opened', 'reopened', 'synchronize'], async (context) => {
  const { event } = context;
  if (event.pull) await checkSignOff(context, event, event.pull, event.action !== 'reopened');
});

export const dco = p.define({ commands: [check], handlers: [onPull] });
