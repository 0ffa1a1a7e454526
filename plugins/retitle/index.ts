import { z } from 'zod';
import {
  closesIssues,
  decidedBy,
  globalSettings,
  joined,
  plugin,
  rest,
  triggerSettings,
  trustOf,
} from '../../core/plugin/index.ts';

const Retitle = z.object({ allow_closed_issues: z.boolean().default(false) });
const KEYWORDS = 'https://help.github.com/articles/closing-issues-using-keywords';

/** GitHub refuses more. */
const LONGEST = 256;

const p = plugin({
  name: 'retitle',
  summary: 'Changes the title of issues and pull requests for people whose rights on GitHub do not let them.',
  needs: ['issue', 'people'],
  config: joined({ retitle: globalSettings('retitle', Retitle), triggers: triggerSettings }, ({ retitle }) =>
    retitle.allow_closed_issues
      ? 'The retitle plugin also allows retitling closed/merged issues and PRs.'
      : 'The retitle plugin does not allow retitling closed/merged issues and PRs.',
  ),
  snippet: 'retitle:\n  allow_closed_issues: true\n',
});

/** Prow: pkg/plugins/retitle/retitle.go. */
const command = p.command({
  names: ['retitle'],
  args: rest('title'),
  on: 'both',
  evenClosed: true,
  who: decidedBy('Collaborators on the repository.'),
  help: 'Edits the title of the pull request or issue.',
  examples: ['/retitle New Title'],
  featured: true,
  async run({ args: title, event, ports, config, bot, reply }) {
    if (event.state === 'closed' && !config.retitle.allow_closed_issues) return;
    const trust = await trustOf(event.user, bot, event.org, config.triggers, ports.people);
    if (!trust) return reply('Re-titling can only be requested by trusted users, like repository collaborators.');
    if (title === '') return reply('Titles may not be empty.');
    if (closesIssues(title))
      return reply(`Titles may not contain [keywords](${KEYWORDS}) which can automatically close issues.`);
    if ([...title].length > LONGEST) return reply(`Titles may have at most ${LONGEST} characters.`);
    await ports.issue.edit({ title });
  },
});

export const retitle = p.define({ commands: [command] });
