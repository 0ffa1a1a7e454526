import { describe, expect, test } from 'vitest';
import { describePlaces, difference, intersection, type Places, union } from './places.ts';

function places(orgs: Record<string, string[]>, ...repos: string[]): Places {
  return { orgs: new Map(Object.entries(orgs).map(([org, except]) => [org, new Set(except)])), repos: new Set(repos) };
}

describe('difference', () => {
  test.each<[Places, Places, string[]]>([
    [places({}, 'a/x', 'a/y'), places({}, 'a/x'), ['repo: a/y']],
    [places({}, 'a/x', 'a/y'), places({ a: ['a/y'] }), ['repo: a/y']],
    [places({ a: ['a/x'] }), places({}, 'a/y', 'b/z'), ['org: a without repo(s) a/x, a/y']],
    [places({ a: ['a/x'] }), places({ a: ['a/x', 'a/y'] }), ['repo: a/y']],
    [places({ a: ['a/x'] }), places({ a: ['a/y'] }, 'a/y'), []],
    [places({ a: [] }), places({ a: [] }), []],
  ])('%#', (a, b, expected) => {
    expect(describePlaces(difference(a, b))).toEqual(expected);
  });
});

describe('intersection', () => {
  test.each<[Places, Places, string[]]>([
    [places({}, 'a/x', 'a/y'), places({}, 'a/x'), ['repo: a/x']],
    [places({}, 'a/x', 'a/y'), places({ a: ['a/y'] }), ['repo: a/x']],
    [places({ a: ['a/x'] }), places({}, 'a/x', 'a/y'), ['repo: a/y']],
    [places({ a: ['a/x'] }), places({ a: ['a/y'] }), ['org: a without repo(s) a/x, a/y']],
    [places({ a: [] }), places({ b: [] }), []],
  ])('%#', (a, b, expected) => {
    expect(describePlaces(intersection(a, b))).toEqual(expected);
  });
});

describe('union', () => {
  test.each<[Places, Places, string[]]>([
    [places({}, 'a/x'), places({}, 'b/y'), ['repo: a/x', 'repo: b/y']],
    [places({ a: ['a/x', 'a/y'] }), places({ a: ['a/y', 'a/z'] }), ['org: a without repo(s) a/y']],
    [places({ a: ['a/x', 'a/y'] }), places({}, 'a/x', 'b/z'), ['org: a without repo(s) a/y', 'repo: b/z']],
    [places({}, 'a/x'), places({ a: ['a/x'] }), ['org: a']],
  ])('%#', (a, b, expected) => {
    expect(describePlaces(union(a, b))).toEqual(expected);
  });
});
