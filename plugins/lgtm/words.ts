export const REMOVED_NOTICE = 'New changes are detected. LGTM label has been removed.';

/** Two blanks, as in Prow: later pushes look for this very text. */
export const TREE_NOTICE = /LGTM label has been added. {2}<details>Git tree hash: (.*)<\/details>/;

export function treeNotice(tree: string): string {
  return `LGTM label has been added.  <details>Git tree hash: ${tree}</details>`;
}
