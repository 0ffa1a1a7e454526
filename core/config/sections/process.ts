import { z } from 'zod';
import { duration } from '../schema.ts';
import { section } from '../section.ts';

const LEVELS = ['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace'];

/** The key `log_level`: how much every component logs. Case does not matter. */
export const logLevel = section({
  key: 'log_level',
  schema: z.string().default(''),
  finish(level, view, file) {
    const wanted = level.toLowerCase() || 'info';
    if (!LEVELS.includes(wanted))
      view.problem(file, ['log_level'], `not a valid logrus Level: ${JSON.stringify(level)}`);
    return wanted;
  },
});

/** The key `push_gateway`: where components push their metrics (Prow: PushGateway). */
export const pushGateway = section({
  key: 'push_gateway',
  schema: z.object({
    endpoint: z.string().default(''),
    interval: duration().default('1m'),
    serve_metrics: z.boolean().default(false),
  }),
});

/** The key `moonraker`: how long clients wait for the cache of in-repo configuration. */
export const moonraker = section({
  key: 'moonraker',
  schema: z.object({ client_timeout: duration().default('10m') }),
});

/** The key `config_version_sha`, which a VERSION file beside the configuration takes the place of. */
export const configVersionSha = section({ key: 'config_version_sha', schema: z.string().default('') });

/** The key `status_error_link`: where the status of a job that Jenkins lost leads to. */
export const statusErrorLink = section({
  key: 'status_error_link',
  schema: z.string().default(''),
  finish: (link) => link || 'https://github.com/kubernetes/test-infra/issues',
});
