import {
  boolFlag,
  choiceFlag,
  durationFlag,
  type Flag,
  type FlagValues,
  intFlag,
  stringFlag,
} from '../../core/flags.ts';
import { instrumentationFlags } from '../components/flags.ts';
import { configFlags, githubFlags } from '../start/flags.ts';

/** What every plugin understands that is a service of its own (Prow: cmd/external-plugins). */
export const serviceFlags = {
  ...githubFlags,
  ...configFlags,
  ...instrumentationFlags,
  port: intFlag('events, help, health and metrics (8888)'),
  'hmac-secret-file': stringFlag(
    "the webhook secret, or Prow's list of secrets by organization and repository; unless given, WEBHOOK_SECRET",
    'FILE',
  ),
  'data-dir': stringFlag('where the plugin keeps its inbox; nobody else may use it (.cutwater-NAME)', 'DIR'),
  'grace-period': durationFlag('how long work under way may take to finish when the plugin stops', '180s'),
  'log-level': choiceFlag('how much is logged', ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info'),
};
export type ServiceFlags = FlagValues<typeof serviceFlags>;

/** A switch of which it is known whether it was given, for settings that may stand in the configuration too. */
export function switchFlag(help: string): Flag<boolean | undefined> {
  const { read, value } = boolFlag(help);
  return { help, value, initial: undefined, read: (text) => read(text, false) };
}
