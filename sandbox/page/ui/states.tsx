import type { ComponentChildren } from 'preact';
import { Svg } from './icons.tsx';

interface StateLook {
  word: string;
  /** The token that colours it. */
  tone: string;
  meaning: string;
  shape: ComponentChildren;
}

const DISC = 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm3.9 4.9-1.1-1.05L7 8.85 5.2 7.1 4.1 8.2 7 11z';
const SQUARE =
  'M3.5 1.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM8 6.85 5.9 4.75 4.75 5.9 6.85 8l-2.1 2.1 1.15 1.15L8 9.15l2.1 2.1 1.15-1.15L9.15 8l2.1-2.1-1.15-1.15z';
const TRIANGLE =
  'M6.9 1.7a1.27 1.27 0 0 1 2.2 0l6.2 10.9a1.25 1.25 0 0 1-1.1 1.9H1.8a1.25 1.25 0 0 1-1.1-1.9zM7.2 5.6v4h1.6v-4zm0 5.2v1.6h1.6v-1.6z';

function solid(d: string) {
  return <path d={d} fill="currentColor" fill-rule="evenodd" />;
}

function pullShape(right: ComponentChildren) {
  return (
    <>
      <path class="stroke" d="M4 5.2v5.6" />
      <circle class="stroke" cx="4" cy="3.5" r="1.7" />
      <circle class="stroke" cx="4" cy="12.5" r="1.7" />
      {right}
    </>
  );
}

const RIGHT_END = <circle class="stroke" cx="12" cy="12.5" r="1.7" />;

/** Every state that the pages show: shape, word, colour and meaning stand here and nowhere else. */
const STATES = {
  pending: {
    word: 'Pending',
    tone: 'pending',
    meaning: 'Its pod is there: starts or runs.',
    shape: (
      <>
        <circle class="ring" cx="8" cy="8" r="6.1" />
        <path d="M8 3.6a4.4 4.4 0 0 1 0 8.8z" fill="currentColor" />
      </>
    ),
  },
  success: { word: 'Success', tone: 'success', meaning: 'Every container ended with 0.', shape: solid(DISC) },
  failure: {
    word: 'Failure',
    tone: 'failure',
    meaning: 'The job failed: look at the change.',
    shape: solid(SQUARE),
  },
  error: { word: 'Error', tone: 'error', meaning: 'It could not run: for the operator.', shape: solid(TRIANGLE) },
  open: {
    word: 'Open',
    tone: 'success',
    meaning: 'Open.',
    shape: pullShape(
      <>
        {RIGHT_END}
        <path class="stroke" d="M12 10.8V6.5a2 2 0 0 0-2-2H7.6M9.4 2.6 7.5 4.5l1.9 1.9" />
      </>,
    ),
  },
  draft: {
    word: 'Draft',
    tone: 'aborted',
    meaning: 'A draft: not ready for review.',
    shape: pullShape(
      <>
        {RIGHT_END}
        <path class="stroke" d="M12 3v1.4M12 7v1.4" />
      </>,
    ),
  },
  merged: {
    word: 'Merged',
    tone: 'merged',
    meaning: 'Merged.',
    shape: pullShape(
      <>
        <circle class="stroke" cx="12" cy="8.5" r="1.7" />
        <path class="stroke" d="M4 5.2c.4 2 2.6 3.3 6.3 3.3" />
      </>,
    ),
  },
  closed: {
    word: 'Closed',
    tone: 'failure',
    meaning: 'Closed without a merge.',
    shape: pullShape(
      <>
        {RIGHT_END}
        <path class="stroke" d="M12 10.8V7.5M10.5 2.5l3 3M13.5 2.5l-3 3" />
      </>,
    ),
  },
  'issue-open': {
    word: 'Open',
    tone: 'success',
    meaning: 'Open.',
    shape: (
      <>
        <circle class="stroke" cx="8" cy="8" r="6" />
        <circle cx="8" cy="8" r="1.9" fill="currentColor" />
      </>
    ),
  },
  'issue-closed': {
    word: 'Closed',
    tone: 'merged',
    meaning: 'Closed.',
    shape: (
      <>
        <circle class="stroke" cx="8" cy="8" r="6" />
        <path class="stroke" d="M5.2 8.2l2 2 3.6-4" />
      </>
    ),
  },
} as const satisfies Record<string, StateLook>;

export type StateName = keyof typeof STATES;

/** Mark and word for rows; `quiet` leaves the word to screen readers. */
export function StateMark({ state, quiet = false }: { state: StateName; quiet?: boolean }) {
  const { word, tone, meaning, shape } = STATES[state];
  return (
    <span class="state" title={meaning}>
      <span class={`mark tone-${tone}`}>
        <Svg>{shape}</Svg>
      </span>
      <span class={quiet ? 'unseen' : 'state-word'}>{word}</span>
    </span>
  );
}

/** Mark and word on the state's soft ground: for the head of a page only. */
export function StateChip({ state }: { state: StateName }) {
  const { word, tone, meaning, shape } = STATES[state];
  return (
    <span class={`chip tone-${tone} soft-${tone}`} title={meaning}>
      <Svg>{shape}</Svg>
      {word}
    </span>
  );
}
