import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { CutwaterError, messageOf } from '../../../core/errors.ts';

/** What Slack answers when it is Slack's own fault or a matter of time (https://api.slack.com/methods/chat.postMessage). */
const PASSING = new Set([
  'fatal_error',
  'internal_error',
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/** How often a message is sent that Slack was too busy for; it was not taken, so nothing doubles. */
const RATE_LIMIT_ATTEMPTS = 5;

/** Writes into channels of one workspace. Errors: `user` (no such channel, a token that is not valid, …), `transient`. */
export interface SlackClient {
  /** Nothing is sent any more once `signal` aborts. */
  write(channel: string, text: string, signal?: AbortSignal): Promise<void>;
}

/** A client of Slack, or of what answers like it at `apiUrl`; `token` is asked for each message, so that it may be replaced on the disk. Rate limits are waited for. */
export function slackClient(token: () => string, apiUrl?: string): SlackClient {
  let client: Promise<WebClient> | undefined;
  return {
    async write(channel, text, signal) {
      client ??= connect(apiUrl);
      const message = { channel, text, username: 'prow', icon_emoji: ':prow:' };
      for (let attempt = 1; ; attempt++) {
        try {
          await (await client).chat.postMessage({ token: token(), ...message });
          return;
        } catch (error) {
          const pauseMs = rateLimitPause(error);
          if (pauseMs === undefined || attempt === RATE_LIMIT_ATTEMPTS) throw translate(channel, error);
          await sleep(pauseMs, undefined, { signal });
        }
      }
    },
  };
}

/** How long Slack asks us to wait, where it does. */
function rateLimitPause(error: unknown): number | undefined {
  const { code, retryAfter } = error as { code?: unknown; retryAfter?: unknown };
  return code === 'slack_webapi_rate_limited_error' ? Number(retryAfter) * 1000 : undefined;
}

async function connect(apiUrl: string | undefined): Promise<WebClient> {
  const { LogLevel, WebClient: Client } = await import('@slack/web-api');
  return new Client(undefined, {
    ...(apiUrl && { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
    logLevel: LogLevel.ERROR,
    timeout: 30_000,
    // Crier repeats a report that failed; a message that Slack may have got is not sent again from here.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

function translate(channel: string, error: unknown): CutwaterError {
  const reason = (error as { data?: { error?: unknown } }).data?.error;
  const text = `failed to post message to ${channel}: ${typeof reason === 'string' ? reason : messageOf(error)}`;
  const permanent = typeof reason === 'string' && !PASSING.has(reason);
  return new CutwaterError(permanent ? 'user' : 'transient', text, { cause: error });
}
