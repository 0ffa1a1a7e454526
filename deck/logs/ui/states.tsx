import type { ComponentChildren } from 'preact';
import type { ProwJobState } from '../../../jobs/api/prowjob.ts';

interface StateLook {
  word: string;
  meaning: string;
  shape: ComponentChildren;
}

const CHECK = 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm3.9 4.9-1.1-1.05L7 8.85 5.2 7.1 4.1 8.2 7 11z';
const CROSS =
  'M3.5 1.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM8 6.85 5.9 4.75 4.75 5.9 6.85 8l-2.1 2.1 1.15 1.15L8 9.15l2.1 2.1 1.15-1.15L9.15 8l2.1-2.1-1.15-1.15z';
const TRIANGLE =
  'M6.9 1.7a1.27 1.27 0 0 1 2.2 0l6.2 10.9a1.25 1.25 0 0 1-1.1 1.9H1.8a1.25 1.25 0 0 1-1.1-1.9zM7.2 5.6v4h1.6v-4zm0 5.2v1.6h1.6v-1.6z';

function solid(d: string) {
  return <path d={d} fill="currentColor" fill-rule="evenodd" />;
}

/** Every state of a ProwJob: shape, word and meaning stand here and nowhere else; its token has the state's name. */
const STATES: Record<ProwJobState, StateLook> = {
  scheduling: {
    word: 'Scheduling',
    meaning: 'Waits for a cluster.',
    shape: <circle class="ring dots" cx="8" cy="8" r="6" />,
  },
  triggered: {
    word: 'Triggered',
    meaning: 'Waits for a place or a pod.',
    shape: <circle class="ring dashes" cx="8" cy="8" r="6" />,
  },
  pending: {
    word: 'Pending',
    meaning: 'Its pod is there: starts or runs.',
    shape: (
      <>
        <circle class="ring" cx="8" cy="8" r="6.1" />
        <path d="M8 3.6a4.4 4.4 0 0 1 0 8.8z" fill="currentColor" />
      </>
    ),
  },
  success: { word: 'Success', meaning: 'Every container ended with 0.', shape: solid(CHECK) },
  failure: { word: 'Failure', meaning: 'The job failed: look at the change.', shape: solid(CROSS) },
  aborted: {
    word: 'Aborted',
    meaning: 'Stopped by a person or a newer commit.',
    shape: (
      <>
        <circle class="ring" cx="8" cy="8" r="6.1" />
        <path class="ring" d="M4.6 8h6.8" />
      </>
    ),
  },
  error: { word: 'Error', meaning: 'It could not run: for the operator.', shape: solid(TRIANGLE) },
};

/** Mark and word: in rows, or with `chip` on its soft ground in a page's head. */
export function State({ state, chip = false }: { state: ProwJobState; chip?: boolean }) {
  const { word, meaning, shape } = STATES[state];
  return (
    <span class={chip ? `chip tone-${state} soft-${state}` : `state state-${state}`} title={meaning}>
      <svg class={`icon tone-${state}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        {shape}
      </svg>
      <span>{word}</span>
    </span>
  );
}
