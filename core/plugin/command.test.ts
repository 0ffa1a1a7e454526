import { describe, expect, test } from 'vitest';
import { none, oneOf, rest, words } from './args.ts';
import { createCommand } from './command.ts';
import { commandText } from './text.ts';
import { anyone } from './who.ts';

const base = { on: 'pr', who: anyone, help: 'h', examples: ['/x'] } as const;
const lgtm = createCommand({ ...base, names: ['lgtm'], args: none });
const cancel = createCommand({ ...base, names: ['lgtm cancel', 'remove-lgtm'], args: none });
const assign = createCommand({ ...base, names: ['assign'], args: words('user') });
const stage = createCommand({ ...base, names: ['stage'], args: oneOf('alpha', 'beta') });
const exact = createCommand({ ...base, names: ['milestone'], args: rest('title'), exactCase: true });

describe('a line is the command or it is not', () => {
  test.each([
    [lgtm, '/lgtm', [true]],
    [lgtm, '/LGTM  \r', [true]],
    [lgtm, '/lgtm cancel', []],
    [lgtm, '/lgtm\u00a0', []],
    [lgtm, 'x /lgtm', []],
    [lgtm, '/lgtm\nmore\n/lgtm', [true, true]],
    [cancel, '/lgtm   cancel', [true]],
    [cancel, '/Remove-LGTM', [true]],
    [cancel, '/lgtm cancelled', []],
    [assign, '/assign @a  @b', [['@a', '@b']]],
    [assign, '/assign', [[]]],
    [assign, '/assigned', []],
    [stage, '/stage Alpha', ['alpha']],
    [stage, '/stage gamma', []],
    [exact, '/milestone v1.0', ['v1.0']],
    [exact, '/Milestone v1.0', []],
  ])('%#: %o', (command, text, wanted) => {
    expect(command.said(text as string).map(({ args }) => args)).toEqual(wanted);
  });
});

describe('commands count only where somebody says them', () => {
  test.each([
    ['/hold', '/hold'],
    ['```\n/hold\n```\n/test', '\n\n\n/test'],
    ['```sh\n/hold', '\n'],
    ['~~~\n```\n/hold\n~~~\n/test', '\n\n\n\n/test'],
    ['````\n```\n/hold\n````', '\n\n\n'],
    ['> /hold\n/test', '\n/test'],
    ['<!-- /hold -->/test', '/test'],
    ['<!--\n/hold\n-->\n/test', '\n\n-->\n/test'.replace('-->', '')],
    ['<!-- /hold', ''],
    ['``` /hold ```\n/test', '``` /hold ```\n/test'],
  ])('%o', (body, text) => {
    expect(commandText(body)).toBe(text);
  });

  test('a comment made to be slow is not', () => {
    const hostile = `/lgtm${' '.repeat(60_000)}x`;
    expect(lgtm.said(commandText(hostile))).toEqual([]);
    expect(commandText('<!--'.repeat(16_000))).toBe('');
  });
});
