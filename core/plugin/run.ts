import { hasCode } from '../errors.ts';
import type { PortMap, PortName } from '../ports/index.ts';
import type { Command } from './command.ts';
import type { CommandContext, CommandEventContext, EventContext } from './context.ts';
import type { CommentEvent, HookEvent, PluginEvent } from './event.ts';
import { lazyView } from './lazy-view.ts';
import type { Handler, Plugin } from './plugin.ts';
import { formatReply } from './reply.ts';
import type { Said } from './said.ts';

/** What the platform lends a plugin for one event: everything in a handler's context that does not come from the event itself. */
export interface Lent extends Omit<EventContext, 'event' | 'ports' | 'at'> {
  ports: PortMap;
  at(target: { number?: number; org?: string; repo?: string }): PortMap;
}

/** Whether the plugin has anything to do with this event: asked before anything is fetched or written for it. */
export function concerns(plugin: Plugin, event: PluginEvent): boolean {
  return handlersFor(plugin, event).length > 0 || (event.kind === 'comment' && commandsSaid(plugin, event).length > 0);
}

/**
 * Runs a plugin's handlers, then the commands that were said, in the order in which they first stand in the text. A mistake of the person's
 * (a CutwaterError `user`) is answered in a comment; everything else is thrown.
 */
export async function runPlugin(plugin: Plugin, event: PluginEvent, lent: Lent): Promise<void> {
  const own = viewOf(plugin);
  const base = { ...lent, ports: own(lent.ports), at: (target: Parameters<Lent['at']>[0]) => own(lent.at(target)) };
  for (const handler of handlersFor(plugin, event)) await runHandler(handler, event, base, lent.ports);
  if (event.kind !== 'comment') return;
  for (const { command, said } of commandsSaid(plugin, event)) {
    await answered(event, lent.ports, () =>
      runCommand(command, said, commentContext(event, base, lent.ports), lent.ports),
    );
  }
}

function handlersFor(plugin: Plugin, event: PluginEvent): Handler[] {
  return plugin.handlers.filter((handler) => {
    if (event.kind === 'comment') {
      if (handler.kind !== 'comment' || !handler.actions.includes(event.action)) return false;
      return (
        !handler.onlySaid || plugin.commands.some((command) => !command.run && command.said(event.text).length > 0)
      );
    }
    if (handler.kind === 'comment' || handler.event !== event.kind) return false;
    return handler.actions.length === 0 || handler.actions.includes(event.action);
  });
}

interface SaidCommand {
  command: Command & { run: NonNullable<Command['run']> };
  said: Said<unknown>[];
}

function commandsSaid(plugin: Plugin, event: CommentEvent): SaidCommand[] {
  if (event.action !== 'created') return [];
  const found = plugin.commands.flatMap((command): SaidCommand[] => {
    const { run } = command;
    if (!run || !worksOn(command, event)) return [];
    const said = command.said(event.text);
    return said.length > 0 ? [{ command: { ...command, run }, said }] : [];
  });
  const place = ({ said }: SaidCommand) => event.text.indexOf(said[0]?.line ?? '');
  return found.sort((a, b) => place(a) - place(b));
}

function worksOn(command: Command, event: CommentEvent): boolean {
  if (command.on !== 'both' && (command.on === 'pr') !== event.isPull) return false;
  if (command.commentsOnly && event.source !== 'comment') return false;
  return event.state === 'open' || command.evenClosed === true;
}

async function runHandler(
  handler: Handler,
  event: PluginEvent,
  base: Omit<EventContext, 'event'>,
  all: PortMap,
): Promise<void> {
  if (handler.kind === 'hook') return handler.run({ ...base, event: event as HookEvent });
  const comment = event as CommentEvent;
  await answered(comment, all, () => handler.run(commentContext(comment, base, all)));
}

function commentContext(event: CommentEvent, base: Omit<EventContext, 'event'>, all: PortMap): CommandEventContext {
  return {
    ...base,
    event,
    async reply(message) {
      await all.comments.create(formatReply(event, message));
    },
  };
}

async function runCommand(
  command: SaidCommand['command'],
  said: Said<unknown>[],
  context: CommandEventContext,
  all: PortMap,
): Promise<void> {
  const verdict = await command.who.allows({ ...context, ports: all });
  if (verdict === false) return;
  if (verdict !== true) return context.reply(verdict.reply);
  const whole: CommandContext<unknown> = { ...context, said, args: said[0]?.args };
  await command.run(whole);
}

async function answered(event: CommentEvent, all: PortMap, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!hasCode(error, 'user')) throw error;
    await all.comments.create(formatReply(event, error.message));
  }
}

const views = new WeakMap<Plugin, (ports: PortMap) => PortMap>();

/** Those ports that a plugin needs, and no others. */
function viewOf(plugin: Plugin): (ports: PortMap) => PortMap {
  const known = views.get(plugin);
  if (known) return known;
  const view = lazyView<PortMap, PortMap>(plugin.needs, (ports, name) => ports[name as PortName]);
  views.set(plugin, view);
  return view;
}
