import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, pairs, themesOf } from './contrast.ts';

const themes = themesOf(readFileSync(new URL('tokens.css', import.meta.url), 'utf8'));

describe('tokens', () => {
  it.each(['light', 'chosenDark'] as const)('are legible on every ground: %s', (theme) => {
    const tokens = themes[theme];
    const poor = pairs()
      .map((pair) => ({ ...pair, is: contrast(tokens[pair.front] ?? '', tokens[pair.ground] ?? '') }))
      .filter(({ is, least }) => !(is >= least));
    expect(poor).toEqual([]);
  });

  it('are the same whether the system is dark or the reader chose dark', () => {
    expect(themes.systemDark).toEqual(themes.chosenDark);
    expect(Object.keys(themes.chosenDark)).toEqual(Object.keys(themes.light));
  });

  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });
});
