import Bottleneck from 'bottleneck';
import type { ApiRequest } from './api-request.ts';
import { type RateWindow, rateWindow } from './rate-window.ts';
import { makesContent, pointsOf, resourceOf } from './resource.ts';
import { URGENCY } from './urgency.ts';

/** What may be spent. Zero hourly tokens: as much as GitHub gives. */
export interface BudgetOptions {
  /** Prow's --github-hourly-tokens and --github-allowed-burst. */
  hourlyTokens: number;
  burst: number;
  /** Stay below github.com's secondary limits; GitHub Enterprise Server has none. */
  publicLimits: boolean;
  /** Requests under way at once; GitHub allows 100. */
  concurrency: number;
}

/** GitHub: "About secondary rate limits". */
const REST_POINTS_A_MINUTE = 900;
const GRAPHQL_POINTS_A_MINUTE = 2000;
const CONTENT_A_MINUTE = 80;
const CONTENT_AN_HOUR = 500;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A request's turn had come, but by then it has to wait again. */
export const AGAIN = Symbol('again');

export type Task = () => Promise<Response | typeof AGAIN>;
type Gate = (request: ApiRequest, task: Task) => ReturnType<Task>;

const orderOf = ({ spender }: ApiRequest): number => URGENCY[spender.priority].order;

/** Prow's hourly tokens: a bucket that refills evenly. An answer that has not changed gives its token back, as it costs nothing at GitHub. */
function hourlyTokens(perHour: number, burst: number): Gate {
  const interval = Math.ceil(HOUR_MS / perHour / 250) * 250;
  const bucket = new Bottleneck({
    reservoir: burst,
    reservoirIncreaseInterval: interval,
    reservoirIncreaseAmount: Math.max(1, Math.floor((perHour * interval) / HOUR_MS)),
    reservoirIncreaseMaximum: burst,
  });
  return async (request, task) => {
    const result = await bucket.schedule({ priority: orderOf(request) }, task);
    if (result === AGAIN || result.status === 304) await bucket.incrementReservoir(1);
    return result;
  };
}

/** Takes from a window what a request weighs there. */
function spending(window: RateWindow, weigh: (request: ApiRequest) => number): Gate {
  return (request, task) => {
    const weight = weigh(request);
    return weight === 0 ? task() : window.run(weight, orderOf(request), task);
  };
}

/** Part of what may be under way at once goes straight through, as bottleneck takes 5 ms a request; the rest queues by urgency. */
function slots(concurrency: number): Gate {
  const direct = Math.ceil(concurrency * 0.6);
  const queue = new Bottleneck({ maxConcurrent: Math.max(1, concurrency - direct) });
  let active = 0;
  return async (request, task) => {
    if (active >= direct) return queue.schedule({ priority: orderOf(request) }, task);
    active++;
    try {
      return await task();
    } finally {
      active--;
    }
  };
}

function publicGates(): Gate[] {
  const content = (request: ApiRequest): number => (makesContent(request) ? 1 : 0);
  const points = (graphql: boolean) => (request: ApiRequest) =>
    (resourceOf(request) === 'graphql') === graphql ? pointsOf(request) : 0;
  return [
    spending(rateWindow(CONTENT_AN_HOUR, HOUR_MS), content),
    spending(rateWindow(CONTENT_A_MINUTE, MINUTE_MS), content),
    spending(rateWindow(REST_POINTS_A_MINUTE, MINUTE_MS), points(false)),
    spending(rateWindow(GRAPHQL_POINTS_A_MINUTE, MINUTE_MS), points(true)),
  ];
}

/** Outermost first: what waits for a limit of the hour takes nobody's place in the minute. */
export function gatesOf({ hourlyTokens: perHour, burst, publicLimits, concurrency }: BudgetOptions): Gate[] {
  return [
    ...(perHour > 0 ? [hourlyTokens(perHour, burst)] : []),
    ...(publicLimits ? publicGates() : []),
    slots(concurrency),
  ];
}
