import { z } from 'zod';
import {
  joined,
  listSettings,
  messageOf,
  parseTemplate,
  plugin,
  repos,
  triggerSettings,
  trustOf,
} from '../../core/plugin/index.ts';

const DEFAULT = 'Welcome @{{.AuthorLogin}}! It looks like this is your first PR to {{.Org}}/{{.Repo}} 🎉';

/** An entry of section `welcome` of plugins.yaml. */
const Welcome = z.object({ repos, message_template: z.string().default(''), always_post: z.boolean().default(false) });

const welcomes = listSettings('welcome', Welcome, {
  finish(entries, view, file) {
    for (const [index, { message_template: template }] of entries.entries()) {
      try {
        parseTemplate('welcome', template);
      } catch (error) {
        view.problem(file, ['welcome', index, 'message_template'], messageOf(error));
      }
    }
    return entries;
  },
});

const p = plugin({
  name: 'welcome',
  summary: 'Greets people who open their first pull request in a repository.',
  needs: ['comments', 'people', 'search'],
  config: joined(
    { welcome: welcomes, triggers: triggerSettings },
    ({ welcome }) =>
      `The welcome plugin is configured to post using following welcome template: ${welcome.message_template || DEFAULT}.`,
  ),
  snippet:
    'welcome:\n- always_post: false\n  message_template: Welcome @{{.AuthorLogin}}!\n  repos:\n  - org/repo1\n  - org/repo2\n',
});

/** Prow: pkg/plugins/welcome/welcome.go. Bots are not greeted. */
const onPull = p.on('pull_request', ['opened'], async ({ event, ports, config, bot }) => {
  const { org, repo, number } = event;
  const author = event.payload.pull_request.user;
  if (author.type !== 'User') return;
  const { always_post, message_template } = config.welcome;
  if (!always_post) {
    if (await trustOf(author.login, bot, org, config.triggers, ports.people)) return;
    const earlier = await ports.search.issues(`is:pr repo:${org}/${repo} author:${author.login}`);
    if (earlier.some((found) => found.number !== number)) return;
  }
  const facts = { Org: org, Repo: repo, AuthorLogin: author.login, AuthorName: author.name ?? '' };
  await ports.comments.create(parseTemplate('welcome', message_template || DEFAULT).execute(escaped(facts)));
});

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '+': '&#43;',
};

/** Prow fills in an HTML template, which escapes what people call themselves. */
function escaped(facts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, text]) => [key, text.replace(/[&<>"'+]/g, (char) => ENTITIES[char] ?? char)]),
  );
}

export const welcome = p.define({ handlers: [onPull] });
