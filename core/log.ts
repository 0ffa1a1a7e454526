import { type Logger as PinoLogger, pino } from 'pino';

/** Structured logger: `log.info({ org, repo }, 'static message')`. */
export type Logger = PinoLogger;

const secrets = new Set<string>();

/** Makes sure that `secret` never stands in the log. Called with every token, key and HMAC that is loaded. */
export function censor(secret: string): void {
  const trimmed = secret.trim();
  if (trimmed.length >= 4) secrets.add(trimmed);
}

function censored(line: string): string {
  let result = line;
  for (const secret of secrets) if (result.includes(secret)) result = result.replaceAll(secret, 'CENSORED');
  return result;
}

/** The process' logger: one JSON object a line on standard error, with Prow's `component` field; `also` gets each line as well. */
export function createLogger(component: string, level = 'info', also?: (line: string) => void): Logger {
  return pino(
    { level, base: { component }, messageKey: 'msg', serializers: { err: describeError } },
    {
      write(line: string) {
        const safe = censored(line);
        process.stderr.write(safe);
        also?.(safe);
      },
    },
  );
}

/** An error without what Octokit and Probot attach to it: an event or a request may hold 60 KB and secrets. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, status } = error as { code?: unknown; status?: unknown };
  return { type: error.name, message: error.message, code, status, stack: error.stack };
}
