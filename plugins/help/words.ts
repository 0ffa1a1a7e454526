import type { Help } from './config.ts';

/** Both stand in every notice of their kind, by which old ones are found. */
export const HELP_NOTICE = 'This request has been marked as needing help from a contributor.';
export const FIRST_ISSUE_NOTICE = 'This request has been marked as suitable for new contributors.';

export function helpNotice(config: Help): string {
  return notice(HELP_NOTICE, config, '', '/remove-help');
}

export function firstIssueNotice(config: Help): string {
  return notice(FIRST_ISSUE_NOTICE, config, '#good-first-issue', '/remove-good-first-issue');
}

/** Prow: pkg/plugins/help/help.go, blanks included. */
function notice(opening: string, config: Help, anchor: string, command: string): string {
  const page = `[here](${config.help_guidelines_url}${anchor})`;
  const summary = config.help_guidelines_summary;
  const requirements =
    summary === ''
      ? `Please ensure the request meets the requirements listed ${page}.`
      : `### Guidelines\n${summary}\n\nFor more details on the requirements of such an issue, please see ${page} and ensure that they are met.`;
  return `
\t${opening}

${requirements}

If this request no longer meets these requirements, the label can be removed
by commenting with the \`${command}\` command.
`;
}
