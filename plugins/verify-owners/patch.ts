const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** The lines that a patch adds: their number in the file, their place in the patch (as GitHub counts it for comments), their text. */
export function addedLines(patch: string): { line: number; position: number; text: string }[] {
  const added: { line: number; position: number; text: string }[] = [];
  let line = 0;
  for (const [position, text] of patch.split('\n').entries()) {
    const start = HUNK.exec(text)?.[1];
    if (start !== undefined) line = Number(start);
    else if (text.startsWith('+')) added.push({ line: line++, position, text: text.slice(1) });
    else if (text.startsWith(' ')) line++;
  }
  return added;
}

/**
 * Says of a lower-case login whether a line that the patch adds names it. GitHub shows no patch of very large changes: then everybody may be new.
 */
export function namesAdded(patch: string): (login: string) => boolean {
  if (patch === '') return () => true;
  const added = addedLines(patch);
  // YAML reads "\x61lice" as alice.
  if (added.some(({ text }) => text.includes('\\'))) return () => true;
  const words = added.flatMap(({ text }) => text.toLowerCase().split(/[^\w.-]+/));
  const named = new Set(words);
  return (login) => named.has(login);
}
