import type { CommandRow } from '../views.ts';

/** Prow's answer of `/plugin-help`, as far as it is read here (Prow: pkg/pluginhelp). */
export interface PluginHelp {
  RepoPlugins?: Record<string, string[] | null> | null;
  RepoExternalPlugins?: Record<string, string[] | null> | null;
  PluginHelp?: Record<string, Help> | null;
  ExternalPluginHelp?: Record<string, Help> | null;
}

interface Help {
  Commands?: HelpCommand[] | null;
}

interface HelpCommand {
  Usage?: string;
  Description?: string;
  Examples?: string[] | null;
  WhoCanUse?: string;
  Featured?: boolean;
}

export interface Subject {
  /** "acme/widgets" */
  repo: string;
  kind: 'pull' | 'issue';
  closed: boolean;
}

/** The rows of the completion: every example once, greyed with the reason where the page itself knows that it does nothing here. */
export function commandRows(help: PluginHelp, subject: Subject): CommandRow[] {
  const rows = new Map<string, CommandRow>();
  for (const [plugin, { Commands }] of pluginsOf(help)) {
    const enabled = isEnabled(help, plugin, subject.repo);
    for (const command of Commands ?? []) {
      for (const row of rowsOf(command, enabled, subject)) {
        const known = rows.get(row.command);
        if (!known || (known.off !== null && row.off === null)) rows.set(row.command, row);
      }
    }
  }
  return [...rows.values()].sort((one, other) => one.command.localeCompare(other.command));
}

function pluginsOf(help: PluginHelp): [string, Help][] {
  return [...Object.entries(help.PluginHelp ?? {}), ...Object.entries(help.ExternalPluginHelp ?? {})];
}

/** Enabled for the repository or for its whole organisation. The key "" lists all that exist, enabled or not. */
function isEnabled(help: PluginHelp, plugin: string, repo: string): boolean {
  const places = [repo.toLowerCase(), repo.split('/')[0]?.toLowerCase()];
  return [help.RepoPlugins, help.RepoExternalPlugins].some((lists) =>
    Object.entries(lists ?? {}).some(
      ([place, plugins]) => places.includes(place.toLowerCase()) && (plugins ?? []).includes(plugin),
    ),
  );
}

function rowsOf(command: HelpCommand, enabled: boolean, subject: Subject): CommandRow[] {
  const examples = (command.Examples ?? [])
    .map((example) => example.trim())
    .filter((example) => example.startsWith('/'));
  const usage = /^\/[\w-]+/.exec(command.Usage ?? '')?.[0];
  const texts = examples.length > 0 ? examples : usage ? [usage] : [];
  const off = enabled ? reasonOf(command, subject) : 'not enabled here';
  return [...new Set(texts)].map((text) => ({
    command: text,
    effect: plain(command.Description ?? ''),
    who: shortWho(command.WhoCanUse ?? ''),
    off,
  }));
}

function reasonOf(command: HelpCommand, { kind, closed }: Subject): string | null {
  const words = `${command.Usage ?? ''} ${command.Description ?? ''}`;
  if (kind === 'issue' && /\b(pull requests?|PRs?)\b/i.test(words) && !/\bissues?\b/i.test(words)) {
    return 'for pull requests';
  }
  if (closed && !/reopen/i.test(words)) return kind === 'pull' ? 'closed' : 'this issue is closed';
  return null;
}

/** Prow's texts may hold HTML; here they are words. */
function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function shortWho(text: string): string {
  return plain(text)
    .replace(/\.$/, '')
    .replace(/^Anyone can use (the|this) .*$/i, 'anyone')
    .replace(/^Anyone$/i, 'anyone');
}

const KEPT_MS = 15_000;
const PATIENCE_MS = 3000;

/** Asks the bot for its help over HTTP, as anybody could, and keeps the answer for a little while. Without an answer there are no commands. */
export function helpReader(url: string | null): () => Promise<PluginHelp> {
  let known: { at: number; help: PluginHelp } | null = null;
  return async () => {
    if (url === null) return {};
    if (known && Date.now() - known.at < KEPT_MS) return known.help;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!response.ok) return known?.help ?? {};
      const help: PluginHelp = await response.json();
      known = { at: Date.now(), help };
      return help;
    } catch {
      return known?.help ?? {};
    }
  };
}
