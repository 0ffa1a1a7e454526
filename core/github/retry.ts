import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import type { ApiRequest, Send } from './api-request.ts';
import type { Budgets } from './budget.ts';
import { type Attempt, judge, type RetryOptions, type Verdict } from './retry-rules.ts';

/** Sends again what may be sent again. */
export function withRetry(send: Send, options: RetryOptions, budgets: Budgets, log: Logger): Send {
  return async (request) => {
    for (let count = 1; ; count++) {
      const { outcome, response } = await attempt(send, request);
      const verdict = judge(attemptOf(request, count, outcome), options, Date.now());
      if (verdict.again || 'limited' in verdict) note(log, request, verdict, outcome);
      const whole = 'limited' in verdict && verdict.limited === 'account';
      if (whole) budgets.of(request.account).pause(verdict.wait);
      if (!verdict.again) {
        if (response) return response;
        throw (outcome as { error: unknown }).error;
      }
      if ('otherEndpoint' in verdict) request = { ...request, endpoint: request.endpoint + 1 };
      if (!whole) await sleep(verdict.wait, undefined, { signal: request.signal });
    }
  };
}

async function attempt(send: Send, request: ApiRequest): Promise<{ outcome: Attempt['outcome']; response?: Response }> {
  try {
    const response = await send(request);
    const { status, headers } = response;
    const text = status === 403 || status === 429 ? await response.clone().text() : '';
    return { outcome: { status, headers, text }, response };
  } catch (error) {
    return { outcome: { error } };
  }
}

function attemptOf({ method, url, repeatable }: ApiRequest, count: number, outcome: Attempt['outcome']): Attempt {
  return { method, path: new URL(url).pathname, repeatable, count, outcome };
}

function note(log: Logger, { method, url, account }: ApiRequest, verdict: Verdict, outcome: Attempt['outcome']): void {
  const fields = { method, path: new URL(url).pathname, account, ...verdict };
  if ('limited' in verdict) log.warn(fields, 'GitHub limits the rate of requests');
  else
    log.debug(
      { ...fields, ...('status' in outcome ? { status: outcome.status } : { err: outcome.error }) },
      'Sending a request to GitHub again',
    );
}
