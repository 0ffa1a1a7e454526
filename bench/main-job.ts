// From a `/test` comment to the green status, for a job that does nothing, on the sandbox: the whole program, as people meet it.
//   node bench/main-job.ts [ROUNDS] [FLAGS…]
// With pods on a cluster that knows the ProwJob resource: node bench/main-job.ts 10 --pods=kubernetes --kubeconfig=FILE
import { setTimeout as pause } from 'node:timers/promises';
import { openStage, type Stage } from '../test/e2e/support/stage.ts';

const [, , given, ...places] = process.argv;
const rounds = Number(given ?? 10);
const PULL = 42;
const JOB = 'nothing';
/** Prow, measured on a machine of the same kind: comment to green with pods on a real cluster. */
const PROW_MS = 2500;
const CONFIG = `
presubmits:
  acme/widgets:
  - name: ${JOB}
    always_run: false
    spec:
      containers:
      - image: busybox:1.36
        command: ['true']
plugins:
  acme: [trigger]
`;

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function round(stage: Stage): Promise<number> {
  const greens = () => stage.history(PULL, JOB).filter((state) => state === 'success').length;
  const before = greens();
  const began = performance.now();
  stage.comment('alice', PULL, `/test ${JOB}`);
  await stage.until(() => greens() > before);
  return performance.now() - began;
}

const opened = performance.now();
const stage = await openStage({ config: CONFIG, ...(places.length > 0 && { places }) });
const ready = performance.now() - opened;
const times: number[] = [];
for (let count = 0; count < rounds; count++) {
  times.push(await round(stage));
  await pause(100);
}
const memory = Number(
  /^process_resident_memory_bytes (\S+)/m.exec(await (await fetch(`${stage.product.url}/metrics`)).text())?.[1] ?? 0,
);
await stage.close();
process.stdout.write(
  [
    `comment to green, median of ${rounds}: ${median(times).toFixed(0)} ms, ${(median(times) / PROW_MS).toFixed(2)} of Prow's (most ${Math.max(...times).toFixed(0)} ms)`,
    `sandbox and program from nothing to ready: ${ready.toFixed(0)} ms`,
    `resident after ${rounds} jobs: ${(memory / 1e6).toFixed(0)} MB`,
    '',
  ].join('\n'),
);
