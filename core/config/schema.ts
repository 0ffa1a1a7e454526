import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { parseDuration } from './duration.ts';
import { goUrlProblem } from './go-url.ts';
import { compilePattern } from './pattern.ts';
import { parseTemplate } from './template/template.ts';

/** A Go duration as text (`2h0m0s`); `parseDuration` makes milliseconds of it. */
export function duration() {
  return z
    .string()
    .check(readable(parseDuration))
    .meta({ format: 'go-duration', examples: ['10m', '1h30m'] });
}

/** A pattern in RE2 syntax. */
export function pattern() {
  return z.string().check(readable(compilePattern)).meta({ format: 're2' });
}

/** A Go text/template. */
export function template() {
  return z
    .string()
    .check(readable((text) => parseTemplate('template', text)))
    .meta({ format: 'go-template' });
}

/** A URL that Go's url.Parse takes: relative ones too. */
export function url() {
  return z.string().check(readable(readUrl)).meta({ format: 'uri-reference' });
}

function readUrl(text: string): void {
  const problem = goUrlProblem(text);
  if (problem) throw new Error(`parse ${JSON.stringify(text)}: ${problem}`);
}

function readable(read: (text: string) => unknown) {
  return (payload: z.core.ParsePayload<string>): void => {
    try {
      read(payload.value);
    } catch (error) {
      payload.issues.push({ code: 'custom', input: payload.value, message: messageOf(error) });
    }
  };
}
