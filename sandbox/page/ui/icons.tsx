import type { ComponentChildren } from 'preact';

const STROKES = {
  branch:
    'M4.5 5v6M4.5 5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 14a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 6c0 3-3 3-6.9 5',
  back: 'M13.5 3.5v3a2 2 0 0 1-2 2h-9M5.5 5.5l-3 3 3 3',
  plus: 'M8 3v10M3 8h10',
  arrow: 'M2.5 8h11M9.5 4l4 4-4 4',
  ring: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  down: 'M4 6l4 4 4-4',
  outside: 'M9.5 2.5h4v4M13.5 2.5l-6 6M11.5 9v4.5h-9v-9H7',
  close: 'M4 4l8 8M12 4l-8 8',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.8V8l2.2 1.6',
  theme: 'M13.6 9.6A6 6 0 0 1 6.4 2.4 6 6 0 1 0 13.6 9.6z',
  tick: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM5.2 8.2l2 2 3.6-4',
} as const;

export type IconName = keyof typeof STROKES;

/** A line icon in the colour of the text around it. It is decoration: the words stand beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <Svg>
      <path d={STROKES[name]} class="stroke" />
    </Svg>
  );
}

export function Svg({ children, size = 16 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** Cutwater's mark: a bow seen from ahead. */
export function Brand({ size = 20 }: { size?: number }) {
  return (
    <svg class="brand-mark" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d="M9.4 1.2C6.1 5.6 3.6 11 2.6 18.4L9.4 14.6z" />
      <path d="M10.6 1.2c3.3 4.4 5.8 9.8 6.8 17.2l-6.8-3.8z" opacity="0.55" />
    </svg>
  );
}
