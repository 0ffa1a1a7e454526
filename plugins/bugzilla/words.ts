import { messageOf } from '../../core/plugin/index.ts';
import type { BugState } from './options.ts';

// What people and their scripts read is Prow's, to the letter (Prow: pkg/plugins/bugzilla/bugzilla.go).

export const REFRESH = '<code>/bugzilla refresh</code>';

export function bugLink(id: number, url: string): string {
  return `[Bugzilla bug ${id}](${url}/show_bug.cgi?id=${id})`;
}

export function inWords({ status, resolution }: BugState): string {
  if (resolution === '') return status;
  return status === '' ? `any status with resolution ${resolution}` : `${status} (${resolution})`;
}

export function allInWords(states: readonly BugState[]): string {
  return states.map(inWords).join(', ');
}

const KNOWN: Readonly<Record<string, string>> = {
  'There was an error reported for a GitHub REST call':
    'The Bugzilla server failed to load data from GitHub when creating the bug. This is usually caused by rate-limiting, please try again later.',
};

/** What is told when Bugzilla refuses something. */
export function errorMessage(action: string, url: string, id: number, error: unknown): string {
  const message = messageOf(error);
  const applicable = Object.entries(KNOWN).filter(([sign]) => message.includes(sign));
  const digest =
    applicable.length === 0
      ? 'No known errors were detected, please see the full error message for details.'
      : `We were able to detect the following conditions from the error:\n\n${applicable.map(([, words]) => `- ${words}\n`).join('')}`;
  return `An error was encountered ${action} for bug ${id} on the Bugzilla server at ${url}. ${digest}

<details><summary>Full error message.</summary>

<code>
${message}
</code>

</details>

Please contact an administrator to resolve this issue, then request a bug refresh with ${REFRESH}.`;
}
