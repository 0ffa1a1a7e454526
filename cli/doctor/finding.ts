/** How it stands: fine, worth a look, broken, or nothing to look at here. */
export type Level = 'ok' | 'warning' | 'failure' | 'skipped';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in a word or two: `permissions`, `webhook`. */
  check: string;
  level: Level;
  /** What was found. */
  message: string;
  /** What to do about it; with every warning and failure. */
  fix?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, level: 'ok', message });
export const skipped = (check: string, message: string): Finding => ({ check, level: 'skipped', message });
export const warning = (check: string, message: string, fix: string): Finding => ({
  check,
  level: 'warning',
  message,
  fix,
});
export const failure = (check: string, message: string, fix: string): Finding => ({
  check,
  level: 'failure',
  message,
  fix,
});
