import { writeFileSync, writeSync } from 'node:fs';
import { type Debugger, Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';
import { HANDLING } from './crash-note.ts';
import type { Watch } from './watchdog.ts';

const { beats, note, limitMs } = workerData as Watch;
const LOOK_MS = limitMs / 10;
/** How long the main thread has to say where it is: what blocks it may not be JavaScript. */
const ANSWER_MS = 5000;

const count = new Int32Array(beats);
let last = -1;
let changedAt = performance.now();
let lookedAt = changedAt;

function look(): void {
  const now = performance.now();
  // Where this thread stood still too, the whole machine slept.
  if (now - lookedAt > 3 * LOOK_MS) changedAt = now;
  lookedAt = now;
  const current = Atomics.load(count, 0);
  if (current !== last) changedAt = now;
  last = current;
  if (now - changedAt < limitMs) return;
  clearInterval(timer);
  ask();
}

/** Stops the main thread where it is, and asks whose handling that is. */
function ask(): void {
  setTimeout(end, ANSWER_MS);
  const session = new Session();
  session.connectToMainThread();
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    const callFrameId = callFrames[0]?.callFrameId ?? '';
    const question = { callFrameId, expression: `globalThis.${HANDLING}?.()`, returnByValue: true };
    session.post('Debugger.evaluateOnCallFrame', question, (_error, answer) => {
      const { result } = answer as Partial<Debugger.EvaluateOnCallFrameReturnType>;
      const delivery: unknown = result?.value;
      end(typeof delivery === 'string' ? delivery : undefined, callFrames.map(placeOf));
    });
  });
  session.post('Debugger.enable', () => session.post('Debugger.pause'));
}

function placeOf({ functionName, url, location }: Debugger.CallFrame): string {
  return `${functionName || '(anonymous)'} (${url}:${location.lineNumber + 1})`;
}

/** The main thread can not write any more, so the log line is written from here. */
function end(delivery?: string, stack: string[] = []): void {
  if (delivery !== undefined) writeFileSync(note, delivery);
  const line = {
    level: 60,
    time: Date.now(),
    component: 'cutwater',
    'event-GUID': delivery,
    seconds: limitMs / 1000,
    stack: stack.slice(0, 10),
    msg: 'The event loop is blocked, and the process ends',
  };
  writeSync(2, `${JSON.stringify(line)}\n`);
  process.kill(process.pid, 'SIGKILL');
}

const timer = setInterval(look, LOOK_MS);
