/** Every code that a CutwaterError may carry; decisions are taken by code, never by message text. */
export type ErrorCode =
  | 'usage' // wrong command line: exit code 2
  | 'config' // a file of the operator's is wrong: names file, line and key
  | 'user' // a mistake of the person who wrote the comment: answered in a comment
  | 'transient' // GitHub, the network or the disk failed for a moment: tried again
  | 'not-found'
  | 'conflict' // optimistic concurrency: somebody else wrote first
  | 'gone' // a watch asked for a version that is no longer kept
  | 'invalid' // the other side refused what we sent, and would refuse it again
  | 'forbidden'
  | 'timeout';

/** An error that has a name (its code), and whose message a person can act on. */
export class CutwaterError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CutwaterError';
    this.code = code;
  }
}

/** Whether `error` is ours and carries `code`. */
export function hasCode(error: unknown, code: ErrorCode): error is CutwaterError {
  return error instanceof CutwaterError && error.code === code;
}

/** Whether trying again may help: GitHub or the network failed, not what was asked of it. */
export function isTransient(error: unknown): boolean {
  return hasCode(error, 'transient') || hasCode(error, 'timeout');
}

/** The text of whatever was thrown, for logs and for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
