import { createRequire } from 'node:module';
import { loadAll } from 'js-yaml';
import type { Node, ParsedNode } from 'yaml';

/** Positions are only asked for when something is wrong: the library that knows them is not loaded before. */
function library(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml');
}

export type Path = readonly (string | number)[];

export interface Position {
  line: number;
  column: number;
}

/** Where the value at `path` (or, where it is absent, its nearest parent) stands in YAML `text`. Slow: for messages only. */
export function locate(text: string, path: Path): Position {
  const { isAlias, LineCounter, parseDocument } = library();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, version: '1.1', merge: true });
  let node: Node | null | undefined = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    const found = child(node, step);
    if (!found) break;
    offset = found.offset;
    node = found.node;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function child(
  node: Node | null | undefined,
  step: string | number,
): { node: Node | null; offset: number } | undefined {
  const { isMap, isScalar, isSeq } = library();
  if (isSeq(node)) {
    const item = node.items[Number(step)] as ParsedNode | undefined;
    return item ? { node: item, offset: item.range[0] } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.findLast(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
  if (!pair) return undefined;
  return { node: pair.value as Node | null, offset: (pair.key as ParsedNode).range[0] };
}

/** Keys that stand twice in one mapping: Go's loader takes the last, checkconfig reports them. */
export function duplicateKeys(text: string): Position[] {
  if (!hasDuplicates(text)) return [];
  const { LineCounter, parseDocument } = library();
  const lines = new LineCounter();
  const { errors } = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  return errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ pos }) => lines.linePos(pos[0]))
    .map(({ line, col }) => ({ line, column: col }));
}

/** js-yaml is nine times faster: it says whether the slow look for positions is worth it. */
function hasDuplicates(text: string): boolean {
  try {
    loadAll(text);
    return false;
  } catch {
    return true;
  }
}
