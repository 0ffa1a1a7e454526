import { CutwaterError, type ErrorCode } from '../errors.ts';

/** What the API server answers when something is wrong (meta/v1 Status). */
export interface Status {
  kind: 'Status';
  message?: string;
  reason?: string;
  code?: number;
}

/** Our error for an API server's answer; the message is the server's own. */
export function statusError(code: number, body: string): CutwaterError {
  const status = parseStatus(body);
  const message = status?.message ?? (body.trim().slice(0, 500) || `HTTP status ${code}`);
  return new CutwaterError(codeOf(code, status?.reason), message);
}

/** The error inside a watch's ERROR event. */
export function eventError(status: Status): CutwaterError {
  return new CutwaterError(codeOf(status.code ?? 500, status.reason), status.message ?? 'the watch failed');
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'message' in parsed ? (parsed as Status) : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(code: number, reason: string | undefined): ErrorCode {
  if (code === 410 || reason === 'Expired' || reason === 'Gone') return 'gone';
  if (code === 401 || code === 403) return 'forbidden';
  if (code === 404) return 'not-found';
  if (code === 409) return 'conflict';
  if (code === 408 || code === 429 || code >= 500) return 'transient';
  return 'invalid';
}
