/** GitHub's words that close an issue when a commit or title with them is merged: `fixes #5`, `Closes: org/repo#5`. */
const CLOSES = /(?:clos(?:e[sd]?)|fix(?:es|ed)?|resolv(?:e[sd]?))[\s:]+(?:\w+\/\w+)?#(?:\d+)/i;

/** Whether merging something that says `text` would close an issue (Prow: pkg/plugins/invalidcommitmsg, CloseIssueRegex). */
export function closesIssues(text: string): boolean {
  return CLOSES.test(text);
}
