import { describe, expect, it } from 'vitest';
import { inserted, keyAction, matching, typingAt } from './completion.ts';

const rows = ['/hold', '/hold cancel', '/label x', '/lgtm'].map((command) => ({
  command,
  effect: '',
  who: '',
  off: command === '/hold' ? 'closed' : null,
}));
const commands = (typed: string) => matching(rows, typed).map(({ command }) => command);

describe('typingAt', () => {
  it.each([
    ['/l', 2, { start: 0, typed: '/l' }],
    ['hello\n/te', 9, { start: 6, typed: '/te' }],
    ['/l\nmore', 2, { start: 0, typed: '/l' }],
    ['/test all', 2, null],
    ['a /l', 4, null],
    ['', 0, null],
  ])('%j at %i', (text, cursor, typing) => {
    expect(typingAt(text, cursor)).toEqual(typing);
  });
});

describe('matching', () => {
  it('puts what does nothing here last', () => {
    expect(commands('/')).toEqual(['/hold cancel', '/label x', '/lgtm', '/hold']);
  });
  it('closes once the only one is there', () => {
    expect(commands('/lgtm')).toEqual([]);
    expect(commands('/HOLD C')).toEqual(['/hold cancel']);
  });
});

describe('inserted', () => {
  it('replaces what was typed and leaves the rest', () => {
    expect(inserted('hi\n/l\nbye', { start: 3, typed: '/l' }, '/lgtm')).toEqual({ text: 'hi\n/lgtm\nbye', cursor: 8 });
  });
});

describe('keyAction', () => {
  const key = (name: string, extra = {}) => ({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, ...extra });
  it.each([
    [key('ArrowDown'), false, 'next'],
    [key('ArrowUp'), true, 'previous'],
    [key('Tab'), false, 'insert'],
    [key('Tab', { shiftKey: true }), true, null],
    [key('Enter'), false, null],
    [key('Enter'), true, 'insert'],
    [key('Enter', { ctrlKey: true }), true, null],
    [key('Escape'), false, 'close'],
    [key('x'), true, null],
  ])('%j after an arrow key %s: %s', (event, moved, action) => {
    expect(keyAction(event, moved)).toBe(action);
  });
});
