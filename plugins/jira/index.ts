import { z } from 'zod';
import { globalSettings, isTransient, plugin, type SettingsOf } from '../../core/plugin/index.ts';
import { keysIn, withLinks } from './text.ts';

/** Section `jira` of plugins.yaml. */
const Jira = z.object({
  /** Keys of projects that nothing is linked to, in any case. */
  disabled_jira_projects: z.array(z.string()).default([]),
});

const settings = globalSettings('jira', Jira);

const p = plugin({
  name: 'jira',
  summary: 'The Jira plugin links Pull Requests and Issues to Jira issues',
  config: settings,
  needs: ['jira', 'comments', 'issue'],
  snippet: 'jira:\n  disabled_jira_projects:\n  - enterprise\n',
});

/** Each of them costs requests of Jira, and a link there, whoever wrote the comment. */
const MOST_KEYS = 30;

type Context = Parameters<Parameters<typeof p.onComment>[1]>[0];

/** Prow: pkg/plugins/jira/jira.go. Reads raw text: it has its own idea of code. */
const onComment = p.onComment(['created', 'edited'], async (context) => {
  const { event, ports, config, log } = context;
  const candidates = keysIn(event.body, event.title).filter((key) => !isDisabled(key, config));
  const url = candidates.length > 0 ? await ports.jira.url() : undefined;
  if (candidates.length === 0) return;
  if (url === undefined) return log.info('Jira issues are named, but --jira-endpoint is not given');
  const keys = await existing(context, candidates);
  const page = event.url.split('#', 1)[0] ?? '';
  for (const key of keys) {
    try {
      await ports.jira.link(key, { url: page, title: `${event.org}/${event.repo}#${event.number}: ${event.title}` });
    } catch (err) {
      if (isTransient(err)) throw err;
      log.error({ err, key }, 'Jira refuses the link');
    }
  }
  await insertLinks(context, keys, url);
});

function isDisabled(key: string, { disabled_jira_projects }: SettingsOf<typeof settings>): boolean {
  const lower = key.toLowerCase();
  return disabled_jira_projects.some((project) => lower.startsWith(`${project.toLowerCase().replace(/-$/, '')}-`));
}

/** Those for which Jira has an issue; it is asked only about keys of projects that it has. */
async function existing({ ports }: Context, candidates: readonly string[]): Promise<string[]> {
  const projects = new Set((await ports.jira.projects()).map((key) => key.toLowerCase()));
  const possible = candidates.filter((key) => projects.has(key.toLowerCase().split('-', 1)[0] ?? ''));
  const keys: string[] = [];
  for (const key of possible.slice(0, MOST_KEYS)) if (await ports.jira.hasIssue(key)) keys.push(key);
  return keys.sort();
}

/** In the comment; where it is no comment of the conversation, in the description, which a review may be about. */
async function insertLinks({ event, ports }: Context, keys: readonly string[], url: string): Promise<void> {
  const linked = withLinks(event.body, keys, url);
  if (linked === event.body) return;
  if (event.commentId !== undefined) return ports.comments.edit(event.commentId, linked);
  const { body } = await ports.issue.get();
  const description = withLinks(body, keys, url);
  if (description !== body) await ports.issue.edit({ body: description });
}

export const jira = p.define({ handlers: [onComment] });
