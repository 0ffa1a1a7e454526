export const TRIAGE_ACCEPTED = 'triage/accepted';
const NEEDED = ['kind', 'priority', 'sig', 'triage'];

/** What a comment asks for, in the order in which it stands there; all in lower case. */
export interface Asked {
  add: string[];
  remove: string[];
  /** Lines of /label that name what may not be set by it. */
  unknown: string[];
}

export interface LabelFacts {
  asked: Asked;
  /** On the issue. */
  present: readonly string[];
  /** In the repository. */
  catalog: readonly string[];
}

export interface LabelPlan {
  add: string[];
  remove: string[];
  notInRepo: string[];
  notOnIssue: string[];
}

/** What is to be done about a comment's labels (Prow: pkg/plugins/label/label.go). */
export function planLabels({ asked, present, catalog }: LabelFacts): LabelPlan {
  const known = new Set(catalog.map((name) => name.toLowerCase()));
  const on = new Set(present.map((name) => name.toLowerCase()));
  const wanted = [...new Set([...asked.add, ...needsLabels(asked, present, known)])].filter((label) => !on.has(label));
  const unwanted = [...new Set(asked.remove)];
  return {
    add: wanted.filter((label) => known.has(label)),
    notInRepo: wanted.filter((label) => !known.has(label)),
    remove: unwanted.filter((label) => on.has(label) && known.has(label)),
    notOnIssue: unwanted.filter((label) => !on.has(label)),
  };
}

/** Where the last label of a category goes and none comes, the issue needs one again. */
function needsLabels({ add, remove }: Asked, present: readonly string[], known: ReadonlySet<string>): string[] {
  return NEEDED.filter((category) => {
    const of = (labels: readonly string[]) => labels.filter((label) => label.startsWith(`${category}/`));
    if (!known.has(`needs-${category}`) || of(remove).length === 0 || of(add).length > 0) return false;
    return of(present).every((label) => remove.includes(label));
  }).map((category) => `needs-${category}`);
}

interface Shortfall {
  unknown: string[];
  notInRepo: string[];
  notOnIssue: string[];
  strangerAccepts: boolean;
}

/** The first thing that went wrong: as in Prow, one answer a comment. */
export function complaintOf(
  { unknown, notInRepo, notOnIssue, strangerAccepts }: Shortfall,
  supported: readonly string[],
): string | undefined {
  if (unknown.length > 0) {
    return `The label(s) ${code(unknown)} cannot be applied. These labels are supported: \`${supported.join(', ')}\`. Is this label configured under \`labels -> additional_labels\` or \`labels -> restricted_labels\` in \`plugin.yaml\`?`;
  }
  if (notInRepo.length > 0)
    return `The label(s) ${code(notInRepo)} cannot be applied, because the repository doesn't have them.`;
  if (notOnIssue.length > 0) return `Those labels are not set on the issue: ${code(notOnIssue)}`;
  if (strangerAccepts)
    return `The label \`${TRIAGE_ACCEPTED}\` cannot be applied. Only GitHub organization members can add the label.`;
  return undefined;
}

/** Names that somebody typed; a backtick in one may not end the code, behind which a mention would be one of the bot's own. */
function code(names: readonly string[]): string {
  return `\`${names.join(', ').replaceAll('`', "'")}\``;
}
