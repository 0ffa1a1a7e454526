import { once } from 'node:events';

/** Writes records as lines of JSON, as fast as the reader takes them. */
export async function writeLines(records: Iterable<unknown>): Promise<void> {
  let text = '';
  for (const record of records) {
    text += `${JSON.stringify(record)}\n`;
    if (text.length < 1 << 16) continue;
    await write(text);
    text = '';
  }
  await write(text);
}

/** Writes to standard output and waits where its buffer is full. */
export async function write(text: string): Promise<void> {
  if (text && !process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Columns as wide as what they hold; the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
