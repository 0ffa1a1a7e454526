import type { JobComment } from '../../jobs/api/comment.ts';
import type { AvailablePresubmits } from '../../jobs/api/jobs-port.ts';

// Prow: pkg/pjutil/help.go. Old help is found by these very words.
const WITHOUT_TARGET = 'The `/test` command needs one or more targets.\n';
const RETEST_WITH_TARGET = 'The `/retest` command does not accept any targets.\n';
const NOT_FOUND = 'The specified target(s) for `/test` were not found.\n';
const NOTHING_FOR_ALL = 'No jobs can be run with `/test all`.\n';
const REQUIRED = 'The following commands are available to trigger required jobs:';
const OPTIONAL = 'The following commands are available to trigger optional jobs:';
const MARKS = [WITHOUT_TARGET, RETEST_WITH_TARGET, NOT_FOUND, NOTHING_FOR_ALL, REQUIRED, OPTIONAL];

/** What a comment that asks for help, or needs it, is told first; undefined: it needs none. */
export function helpNote(comment: JobComment, jobsThatRun: number): string | undefined {
  if (comment.asksForHelp) return '';
  if (comment.testWithoutTarget) return WITHOUT_TARGET;
  if (comment.retestWithTarget) return RETEST_WITH_TARGET;
  if (jobsThatRun > 0) return undefined;
  if (comment.testAll) return NOTHING_FOR_ALL;
  return comment.testWithTarget ? NOT_FOUND : undefined;
}

/** Whether a comment of the bot's is such help. */
export function isHelp(body: string): boolean {
  return MARKS.some((mark) => body.includes(mark));
}

export function helpMessage(place: string, note: string, available: AvailablePresubmits): string {
  const { all, requiredCommands, optionalCommands } = available;
  const commands = requiredCommands.length + optionalCommands.length;
  if (all.length + commands === 0) return `No presubmit jobs available for ${place}`;
  const required = requiredCommands.length > 0 ? `${REQUIRED}${fenced(requiredCommands)}\n\n` : '';
  const optional = optionalCommands.length > 0 ? `${OPTIONAL}${fenced(optionalCommands)}\n\n` : '';
  return note + required + optional + testAll(all, commands);
}

function testAll(all: string[], commands: number): string {
  if (all.length === commands) return 'Use `/test all` to run all jobs.\n';
  if (all.length === 0) return '';
  return `Use \`/test all\` to run the following jobs that were automatically triggered:${fenced(all)}\n\n`;
}

function fenced(lines: string[]): string {
  return lines.map((line) => `\n\`\`\`\n${line}\n\`\`\``).join('');
}
