import { parseOwners } from '../../core/plugin/index.ts';
import { addedLines } from './patch.ts';

export interface OwnersText {
  path: string;
  /** undefined: it cannot be read. */
  text: string | undefined;
  patch: string;
}

/** What is wrong with an OWNERS file, and where in its patch; or whom it names, as written. */
export type Verdict = { problem: string; position: number } | { owners: string[] };

/** Prow: pkg/plugins/verify-owners/verify-owners.go, parseOwnersFile. */
export function checkOwners({ path, text = '', patch }: OwnersText, bannedLabels: readonly string[]): Verdict {
  const { rules, problems } = parseOwners(text, path);
  const [problem] = problems;
  if (problem !== undefined)
    return { problem: `Cannot parse file: ${problem}.`, position: positionOf(problem, text, patch) };
  const labels = new Set(rules.flatMap((rule) => rule.labels));
  const banned = [...labels].filter((label) => bannedLabels.includes(label)).sort();
  if (banned.length > 0) return { problem: `File contains banned labels: [${banned.join(' ')}].`, position: 1 };
  const approvers = rules.flatMap((rule) => rule.approvers);
  if (!path.includes('/') && approvers.length === 0)
    return { problem: `No approvers defined in this root directory ${path} file.`, position: 1 };
  return { owners: [...rules.flatMap((rule) => rule.reviewers), ...approvers] };
}

/** The place of the line that a message names, where the patch adds that line; else the first. What ends too early is wrong in its last line. */
function positionOf(message: string, text: string, patch: string): number {
  const lines = text.trimEnd().split('\n').length;
  const line = Math.min(lines, Number(/:(\d+):\d+: /.exec(message)?.[1] ?? 0));
  return addedLines(patch).find((added) => added.line === line)?.position ?? 1;
}
