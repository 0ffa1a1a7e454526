import { describe, expect, it } from 'vitest';
import { attributesFor } from './attributes.ts';

describe('what a file name says', () => {
  const text = 'text/plain; charset=utf-8';
  it.each([
    ['build-log.txt', 'build-log.txt', { contentType: text }],
    ['build-log.txt.gz', 'build-log.txt', { contentType: text, contentEncoding: 'gzip' }],
    ['build-log.txt.gzip', 'build-log.txt', { contentType: text, contentEncoding: 'gzip' }],
    ['gz', 'gz', { contentType: 'application/gzip' }],
    ['build-log.gz', 'build-log', { contentType: 'application/gzip' }],
    ['build-log.gzip', 'build-log', { contentType: 'application/gzip' }],
    ['events.json', 'events.json', { contentType: 'application/json' }],
    ['events.json.gz', 'events.json', { contentType: 'application/json', contentEncoding: 'gzip' }],
    ['journal.log', 'journal.log', { contentType: text }],
    ['junit.xml', 'junit.xml', { contentType: 'text/xml; charset=utf-8' }],
    ['page.html', 'page.html', { contentType: 'text/html; charset=utf-8' }],
    ['', '', {}],
    ['.', '.', {}],
    ['Makefile', 'Makefile', {}],
  ])('%j', (fileName, name, attributes) => {
    expect(attributesFor(fileName)).toEqual({ name, attributes });
  });

  it("takes the job's own media types first", () => {
    expect(attributesFor('a.log.gz', { log: 'text/x-log' }).attributes).toEqual({
      contentType: 'text/x-log; charset=utf-8',
      contentEncoding: 'gzip',
    });
  });
});
