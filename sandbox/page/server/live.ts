import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../../model/world.ts';
import type { LiveMessage } from '../views.ts';
import { PAGE_HEADERS } from './guard.ts';

const BEAT_MS = 4000;
const GATHER_MS = 40;

/** What a stream needs of a view: the version that it shows, and the time that it was made at. */
interface View {
  version: number;
  chrome: { now: string };
}

/** One part of a view, by its key, as text to compare. The time of the view is no change by itself. */
function partsOf(view: View): Map<string, string> {
  const { version: _version, ...parts } = view;
  const still = { ...parts, chrome: { ...parts.chrome, now: '' } };
  return new Map(Object.entries(still).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** What to send to a reader who knows `before`; null where nothing that the page shows has changed. */
function messageFor(before: Map<string, string>, view: View): LiveMessage | null {
  const changed = [...partsOf(view)].filter(([key, text]) => before.get(key) !== text).map(([key]) => key);
  if (changed.length === 0) return null;
  const all: Record<string, unknown> = { ...view };
  return {
    version: view.version,
    now: view.chrome.now,
    parts: Object.fromEntries(changed.map((key) => [key, all[key]])),
  };
}

/**
 * Streams what changes on one page. `since` is the last version that the reader knows: with a newer one at hand the whole view is
 * sent first, so that whoever was away misses nothing. A beat every few seconds says that the stream lives.
 */
export async function streamView(
  request: IncomingMessage,
  response: ServerResponse,
  { feed }: Pick<World, 'feed'>,
  since: number | null,
  build: () => Promise<View | undefined>,
): Promise<void> {
  const first = await build();
  if (!first) {
    response.writeHead(404, PAGE_HEADERS).end();
    return;
  }
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  let known = partsOf(first);
  if (since !== first.version) send(response, 'view', messageFor(new Map(), first), first.version);
  else send(response, 'beat', {}, first.version);

  // One after the other: of two made side by side, the older could be sent last, and stay.
  let turn = Promise.resolve();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const beat = setInterval(() => send(response, 'beat', {}), BEAT_MS);
  const stop = feed.subscribe(changed);
  // Nobody has told of what happened while the first view was made.
  if (feed.lastId !== first.version) changed();

  function changed(): void {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      turn = turn.then(refresh);
    }, GATHER_MS);
  }

  async function refresh(): Promise<void> {
    const view = await build().catch(() => undefined);
    if (!view || response.destroyed) return;
    const message = messageFor(known, view);
    known = partsOf(view);
    if (message) send(response, 'view', message, view.version);
  }

  request.once('close', () => {
    clearInterval(beat);
    clearTimeout(waiting);
    stop();
    response.end();
  });
}

function send(response: ServerResponse, event: string, data: unknown, id?: number): void {
  response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
