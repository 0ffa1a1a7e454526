import { describe, expect, it } from 'vitest';
import { segmentsOf } from './ansi.ts';

const ESC = '\u001b';

describe('segmentsOf', () => {
  it.each([
    ['plain', [['plain']]],
    ['', []],
    [`${ESC}[31mred${ESC}[0m no`, [['red', 'tone-failure'], [' no']]],
    [`${ESC}[1;32mok${ESC}[m`, [['ok', 'tone-success bold']]],
    [`${ESC}[36mcyan${ESC}[39m`, [['cyan', 'tone-accent']]],
    [`${ESC}[41mx`, [['x', 'soft-failure']]],
    [`${ESC}[90mgrey`, [['grey', 'tone-text-3']]],
    [`${ESC}[30mblack`, [['black']]],
    [`${ESC}[38;5;196mx`, [['x', 'tone-failure']]],
    [`${ESC}[38;2;10;200;30mx`, [['x', 'tone-success']]],
    [`${ESC}[38;5;244mx`, [['x', 'tone-text-3']]],
    [`${ESC}[2mdim`, [['dim', 'tone-text-3']]],
    [`${ESC}[2Jgone${ESC}]0;title\u0007`, [['^[[2Jgone^[]0;title^G']]],
    ['tab\tstays', [['tab\tstays']]],
    ['a\rb\u0000c\u007f', [['a^Mb^@c^?']]],
    ['pay\u202eexe', [['pay\\u202eexe']]],
    ['<script>', [['<script>']]],
  ])('%j', (line, segments) => {
    expect(segmentsOf(line)).toEqual(segments);
  });
});
