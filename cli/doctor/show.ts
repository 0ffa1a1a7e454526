import type { Finding, Level } from './finding.ts';

const WORDS: Record<Level, string> = { ok: 'ok', warning: 'WARNING', failure: 'FAILURE', skipped: '–' };
const WIDTH = 100;

/** One line a finding, its fix below it, and what it comes to at the end. */
export function showFindings(findings: readonly Finding[]): string {
  const widths = {
    level: widest(findings.map(({ level }) => WORDS[level])),
    check: widest(findings.map(({ check }) => check)),
  };
  const indent = ' '.repeat(widths.level + widths.check + 4);
  const lines = findings.flatMap(({ level, check, message, fix }) => {
    const head = `${WORDS[level].padEnd(widths.level)}  ${check.padEnd(widths.check)}  `;
    const text = fix ? [...wrapped(message), ...wrapped(`→ ${fix}`)] : wrapped(message);
    return text.map((line, index) => `${index === 0 ? head : indent}${line}`);
  });
  return `${lines.join('\n')}\n\n${verdict(findings)}\n`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.replaceAll(/\s+/g, ' ').trim().split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last && last.length + word.length >= WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

function verdict(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  if (failures + warnings === 0) return 'All is well.';
  const parts = [counted(failures, 'failure'), counted(warnings, 'warning')].filter(Boolean);
  return `${parts.join(', ')}.`;
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
