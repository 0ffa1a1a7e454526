import type { Logger } from '../log.ts';
import type { PortMap, PortName } from '../ports/index.ts';
import type { CommentEvent, HookEvent, WebhookEventName } from './event.ts';
import type { Said } from './said.ts';

type Ports<N extends PortName> = Pick<PortMap, N>;

/** What every handler gets: the event, the repository's settings, and those ports that its plugin asked for. */
interface BaseContext<N extends PortName, S> {
  /** Bound to the event's repository, and to its issue or pull request. */
  ports: Ports<N>;
  /** The same ports for another issue or pull request, of this repository or another. */
  at(target: { number?: number; org?: string; repo?: string }): Ports<N>;
  /** The plugin's settings for this repository. */
  config: S;
  /** The login of the bot itself. */
  bot: string;
  log: Logger;
  /** Aborted when the plugin's time is over. */
  signal: AbortSignal;
  /** Between 0 and 1, the same at every attempt for the same event, so that a second attempt chooses what the first one chose. */
  random(): number;
}

export interface EventContext<E extends WebhookEventName = WebhookEventName, N extends PortName = PortName, S = unknown>
  extends BaseContext<N, S> {
  event: HookEvent<E>;
}

/** For handlers of comments as a whole. */
export interface CommandEventContext<N extends PortName = PortName, S = unknown> extends BaseContext<N, S> {
  event: CommentEvent;
  /** Answers the comment in Prow's form: mentions who wrote it, and quotes it folded away. */
  reply(message: string): Promise<void>;
}

/** For a command: with what was said. */
export interface CommandContext<T, N extends PortName = PortName, S = unknown> extends CommandEventContext<N, S> {
  /** Of the first line that said it. */
  args: T;
  /** Of every line that said it, at least one. */
  said: Said<T>[];
}
