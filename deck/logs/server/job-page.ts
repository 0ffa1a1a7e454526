import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import { isComplete } from '../../../jobs/api/prowjob.ts';
import { segmentsOf } from '../log/ansi.ts';
import type { OpenLog } from '../log/open-log.ts';
import type { Chrome, JobView, LogWindow } from '../views.ts';
import { factsOf, logFacts } from './facts.ts';

export const WINDOW = 500;
const PATIENCE_MS = 2000;
const CONTEXT_LINES = 40;

/** A job's page as it first shows: a window around the line asked for, else the first finding of a failure, else the end. */
export async function jobView(prowJob: ProwJob, log: OpenLog, chrome: Chrome, asked: number | null): Promise<JobView> {
  await upToNow(prowJob, log);
  const facts = logFacts(prowJob, log);
  const first = firstLine(prowJob, facts.lines, facts.findings[0]?.line ?? null, asked);
  return { kind: 'job', chrome, job: factsOf(prowJob), log: facts, window: await windowOf(log, first, WINDOW) };
}

/** Waits until the log is indexed, but for a very long one only so long that the page still comes. */
async function upToNow(prowJob: ProwJob, log: OpenLog): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([log.refresh(prowJob), patience]);
  clearTimeout(timer);
}

function firstLine(prowJob: ProwJob, lines: number, finding: number | null, asked: number | null): number {
  const failed = isComplete(prowJob) && prowJob.status.state !== 'success';
  const target = asked ?? (failed ? finding : null);
  const first = target === null ? (isComplete(prowJob) && !failed ? 1 : lines - WINDOW + 1) : target - CONTEXT_LINES;
  return Math.max(1, Math.min(first, Math.max(1, lines - CONTEXT_LINES)));
}

export async function windowOf(log: OpenLog, first: number, count: number): Promise<LogWindow> {
  const lines = log.index.lines === 0 ? [] : await log.lines(first, count);
  return { first, lines: lines.map(segmentsOf) };
}
