import type { Command } from './command.ts';
import type { Plugin } from './plugin.ts';

/** Prow's JSON, Go's capital letters included (Prow: pkg/pluginhelp/pluginhelp.go). */
export interface PluginHelp {
  Description: string;
  /** Settings in words by org/repo; "" for what holds everywhere. */
  Config: Record<string, string>;
  Snippet?: string;
  Events: string[];
  Commands: CommandHelp[];
}

interface CommandHelp {
  Usage: string;
  Featured: boolean;
  Description: string;
  Examples: string[];
  WhoCanUse: string;
}

/** What a plugin says of itself, from its declaration; `settings` are its settings' words by repository. */
export function pluginHelp(plugin: Plugin, settings: Record<string, string>): PluginHelp {
  return {
    Description: plugin.summary,
    Config: settings,
    ...(plugin.snippet && { Snippet: plugin.snippet }),
    Events: eventsOf(plugin),
    Commands: plugin.commands.map(commandHelp),
  };
}

function commandHelp(command: Command): CommandHelp {
  return {
    Usage: usageOf(command),
    Featured: command.featured ?? false,
    Description: command.help,
    Examples: [...command.examples],
    WhoCanUse: command.who.description,
  };
}

/** `/hold [reason]`; further names stand behind a bar: `/remove-hold|/unhold`. */
export function usageOf(command: Pick<Command, 'names' | 'args'>): string {
  const names = command.names.map((name) => `/${name}`).join('|');
  return command.args.usage === '' ? names : `${names} ${command.args.usage}`;
}

/** The webhooks that a plugin reacts to; comments arrive in five of them. */
function eventsOf(plugin: Plugin): string[] {
  const events = plugin.handlers.map((handler) =>
    handler.kind === 'hook' ? eventName(handler.event) : 'GenericCommentEvent (any event for user text)',
  );
  if (plugin.commands.some((command) => command.run)) events.push('GenericCommentEvent (any event for user text)');
  return [...new Set(events)].sort();
}

/** Prow names the webhook `issues` by its type (Prow: pkg/plugins/plugins.go, EventsForPlugin). */
function eventName(event: string): string {
  return event === 'issues' ? 'issue' : event;
}
