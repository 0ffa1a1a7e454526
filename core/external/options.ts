import type { Logger } from '../log.ts';
import type { ConfigView } from '../plugin/settings.ts';
import type { Outbox } from './letter.ts';
import type { ForwardMetrics } from './metrics.ts';
import type { send } from './send.ts';

export interface ForwarderOptions {
  outbox: Outbox;
  /** The configuration as it stands now. */
  config(): ConfigView;
  metrics: ForwardMetrics;
  log: Logger;
  send?: typeof send;
  firstPauseMs?: number;
}
