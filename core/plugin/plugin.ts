import type { Priority } from '../github/spender.ts';
import type { PortName } from '../ports/index.ts';
import { type Command, type CommandSpec, createCommand } from './command.ts';
import type { CommandContext, CommandEventContext, EventContext } from './context.ts';
import type { CommentEvent, WebhookEventName } from './event.ts';
import type { Settings } from './settings.ts';

export interface PluginHead<N extends PortName, S> {
  /** As it stands in plugins.yaml; also the name of its folder. */
  name: string;
  /** One sentence for /plugin-help, the help page and docs/plugins.md. */
  summary: string;
  needs: readonly N[];
  config?: Settings<S>;
  priority?: Priority;
  /** A YAML example of its settings, for /plugin-help. */
  snippet?: string;
}

interface CommentHandler {
  kind: 'comment';
  actions: readonly CommentEvent['action'][];
  /** Only where one of the plugin's commands that have no `run` of their own was said. */
  onlySaid: boolean;
  run(context: CommandEventContext): Promise<void>;
}

interface HookHandler {
  kind: 'hook';
  event: WebhookEventName;
  /** Empty: every action. */
  actions: readonly string[];
  run(context: EventContext): Promise<void>;
}

export type Handler = CommentHandler | HookHandler;

/** A plugin as the dispatcher, the help page and the docs see it. */
export interface Plugin {
  name: string;
  summary: string;
  needs: readonly PortName[];
  config?: Settings;
  priority: Priority;
  snippet?: string;
  commands: readonly Command[];
  handlers: readonly Handler[];
}

/**
 * Begins a plugin's declaration: what it is called, what it is for, what it needs. Its commands and handlers are then made with `command` and `on`,
 * so that their types know those needs and settings, and `define` puts the whole together.
 */
export function plugin<N extends PortName, S = undefined>(head: PluginHead<N, S>) {
  type Runs<T> = (context: CommandContext<T, N, S>) => Promise<void>;
  return {
    /** A command. Without `run` it is matched by the plugin's own handler of comments (`command.said(event.text)`). */
    command<T>(spec: CommandSpec<T> & { run?: Runs<T> }): Command<T> {
      const { run, ...data } = spec;
      return createCommand(data, run as Command<T>['run']);
    },
    /** Every comment, review and description, with or without a command in it. */
    onComment(
      actions: readonly CommentEvent['action'][],
      run: (context: CommandEventContext<N, S>) => Promise<void>,
    ): Handler {
      return { kind: 'comment', actions, onlySaid: false, run: run as CommentHandler['run'] };
    },
    /** New comments in which one of the plugin's commands without `run` stands: for commands that are decided about together. */
    onSaid(run: (context: CommandEventContext<N, S>) => Promise<void>): Handler {
      return { kind: 'comment', actions: ['created'], onlySaid: true, run: run as CommentHandler['run'] };
    },
    /** A webhook of GitHub's by its own name; no actions means all of them. */
    on<E extends WebhookEventName>(
      event: E,
      actions: readonly string[],
      run: (context: EventContext<E, N, S>) => Promise<void>,
    ): Handler {
      return { kind: 'hook', event, actions, run: run as unknown as HookHandler['run'] };
    },
    // biome-ignore lint/suspicious/noExplicitAny: commands of one plugin differ in what their arguments are
    define(parts: { commands?: readonly Command<any>[]; handlers?: readonly Handler[] }): Plugin {
      const { config, priority = 'label', ...rest } = head;
      return {
        ...rest,
        priority,
        ...(config && { config: config as Settings }),
        commands: parts.commands ?? [],
        handlers: parts.handlers ?? [],
      };
    },
  };
}
