import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import { isComplete } from '../../../jobs/api/prowjob.ts';
import type { OpenLog } from '../log/open-log.ts';
import type { JobNews } from '../views.ts';
import { factsOf, logFacts } from './facts.ts';

const GATHER_MS = 150;
const LOOK_MS = 1000;
const BEAT_MS = 4000;

/** Streams how far a job and its log are: counts, findings and state. The page asks for the lines that it shows itself. */
export function streamJob(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  log: OpenLog,
  read: () => Promise<ProwJob | undefined>,
): void {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  let sent = '';
  let waiting: ReturnType<typeof setTimeout> | undefined;

  async function tell(): Promise<void> {
    waiting = undefined;
    const prowJob = await read().catch(() => undefined);
    if (!prowJob || response.destroyed) return;
    if (isComplete(prowJob)) await log.refresh(prowJob);
    else log.follow(prowJob);
    const news: JobNews = { job: factsOf(prowJob), log: logFacts(prowJob, log) };
    const text = JSON.stringify(news);
    if (text !== sent) response.write(`event: news\ndata: ${text}\n\n`);
    sent = text;
  }
  function changed(): void {
    waiting ??= setTimeout(() => void tell(), GATHER_MS);
  }

  const stopListening = log.listen(changed);
  const look = setInterval(changed, LOOK_MS);
  const beat = setInterval(() => response.write('event: beat\ndata: {}\n\n'), BEAT_MS);
  changed();
  request.once('close', () => {
    clearInterval(look);
    clearInterval(beat);
    clearTimeout(waiting);
    stopListening();
    response.end();
  });
}
