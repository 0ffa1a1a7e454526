import { CutwaterError, type ErrorCode, messageOf } from '../errors.ts';

/** GitHub's refusal, in GitHub's words. */
class GitHubError extends CutwaterError {
  /** The HTTP status. */
  readonly status: number;

  constructor(code: ErrorCode, status: number, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.status = status;
  }
}

/** What a status means for whoever asked. A rate limit arrives here only when waiting for it would have taken too long. */
function codeOfStatus(status: number, text = ''): ErrorCode {
  // What is asked of a commit that is not there is answered 422, not 404.
  if (status === 404 || status === 410 || (status === 422 && text.startsWith('No commit found'))) return 'not-found';
  if (status === 429 || (status === 403 && /rate limit|abuse detection/i.test(text))) return 'transient';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 409) return 'conflict';
  if (status >= 500) return 'transient';
  return 'invalid';
}

interface Refusal {
  status: number;
  request: { method?: unknown; url?: unknown };
  response?: { data?: unknown };
}

function isRefusal(error: unknown): error is Error & Refusal {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'request' in error;
}

/** GitHub's `message`, with what it says of each field. */
function wordsOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = Array.isArray(errors) ? errors.map(detailOf).filter(Boolean).join('; ') : '';
  return [message, details].filter((part) => typeof part === 'string' && part).join(': ');
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const { message, resource, field, code } = (error ?? {}) as Record<string, unknown>;
  if (typeof message === 'string') return message;
  return [resource, field, code].filter((part) => typeof part === 'string').join(' ');
}

/** Octokit's error as ours. The query of an address stays out, as it may hold what is nobody's business. */
export function toGitHubError(error: unknown): unknown {
  if (error instanceof CutwaterError || !(error instanceof Error)) return error;
  if (error.cause instanceof CutwaterError) return error.cause;
  if (error.name === 'AbortError')
    return new CutwaterError('transient', 'the request to GitHub was given up', { cause: error });
  if (!isRefusal(error)) return error;
  const { status, request, response } = error;
  const words = wordsOf(response?.data);
  const path = URL.canParse(String(request.url)) ? new URL(String(request.url)).pathname : '';
  const text = `GitHub answered ${status} to ${String(request.method)} ${path}${words ? `: ${words}` : ''}`;
  return new GitHubError(codeOfStatus(status, words), status, text);
}

const GRAPHQL_CODES: Record<string, ErrorCode> = {
  NOT_FOUND: 'not-found',
  FORBIDDEN: 'forbidden',
  RATE_LIMITED: 'transient',
};

/** A GraphQL answer with errors in it. */
export function toGraphqlError(error: unknown): unknown {
  const { errors } = error as { errors?: { type?: string; message?: string }[] };
  if (!(error instanceof Error) || !Array.isArray(errors)) return toGitHubError(error);
  const code = GRAPHQL_CODES[errors[0]?.type ?? ''] ?? 'invalid';
  return new GitHubError(
    code,
    200,
    `GitHub's GraphQL answered: ${errors.map(({ message }) => message).join('; ') || messageOf(error)}`,
  );
}
