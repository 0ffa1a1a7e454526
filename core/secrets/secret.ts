import { readFileSync, statSync } from 'node:fs';
import { CutwaterError, messageOf } from '../errors.ts';
import { censor, type Logger } from '../log.ts';

/** A secret whose value may change while the program runs. */
export interface Secret {
  current(): string;
  /** Calls `listener` after every change; returns a function that ends it. */
  onChange(listener: (value: string) => void): () => void;
  /** Stops watching the file. */
  close(): void;
}

/** A secret that never changes, such as one from an environment variable. */
export function fixedSecret(value: string): Secret {
  censor(value);
  return { current: () => value, onChange: () => () => {}, close: () => {} };
}

/** What changes when a file, or the folder that a Kubernetes secret's link points to, is replaced. */
function fingerprint(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}

function readSecret(path: string): string {
  const value = readFileSync(path, 'utf8').trim();
  for (const line of value.split('\n')) censor(line);
  return value;
}

/**
 * A secret in a file: trimmed, never logged, and read again within `pollMs` of a change (Prow: pkg/config/secret/agent.go looks every second).
 * A file that cannot be read at the start is a `config` error; one that disappears later leaves the last value in force.
 */
export function secretFile(path: string, log: Logger, pollMs = 1000): Secret {
  const listeners = new Set<(value: string) => void>();
  let value: string;
  let seen: string;
  try {
    seen = fingerprint(path);
    value = readSecret(path);
  } catch (error) {
    throw new CutwaterError('config', `cannot read the secret file ${path}: ${messageOf(error)}`, { cause: error });
  }
  const look = (): void => {
    try {
      const now = fingerprint(path);
      if (now === seen) return;
      const next = readSecret(path);
      seen = now;
      if (next === value) return;
      value = next;
    } catch (error) {
      log.warn({ path, err: error }, 'Failed to read a secret file again; the last value stays in force');
      return;
    }
    log.info({ path }, 'A secret file has changed');
    for (const listener of listeners) listener(value);
  };
  const timer = setInterval(look, pollMs).unref();
  return {
    current: () => value,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}
