import { describe, expect, it } from 'vitest';
import { isOwnHost, isSameOrigin } from './guard.ts';

describe('isOwnHost', () => {
  it.each([
    ['127.0.0.1:8080', true],
    ['localhost:8080', true],
    ['LOCALHOST', true],
    ['widgets.localhost:1', true],
    ['[::1]:8080', true],
    ['192.168.1.4:8080', true],
    ['sandbox.lan', true],
    ['evil.example', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example:8080', false],
    ['user@127.0.0.1', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (host, own) => {
    expect(isOwnHost(host, ['sandbox.lan'])).toBe(own);
  });
});

describe('isSameOrigin', () => {
  const host = '127.0.0.1:8080';
  it.each([
    [{ host, origin: 'http://127.0.0.1:8080' }, true],
    [{ host, origin: 'https://127.0.0.1:8080' }, true],
    [{ host, 'sec-fetch-site': 'same-origin' }, true],
    [{ host, origin: 'http://127.0.0.1:9999' }, false],
    [{ host, origin: 'https://evil.example' }, false],
    [{ host, origin: 'null' }, false],
    [{ host, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, false],
    [{ host, 'sec-fetch-site': 'cross-site' }, false],
    [{ host, 'sec-fetch-site': 'none' }, false],
    [{ host }, false],
  ])('%j: %s', (headers, same) => {
    expect(isSameOrigin(headers)).toBe(same);
  });
});
