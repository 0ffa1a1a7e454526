import { describe, expect, it } from 'vitest';
import { commandsIn, renderMarkdown } from './markdown.ts';

const FAILED = [
  '@bob: The following test **failed**, say `/retest` to rerun all failed tests or `/retest-required` to rerun all mandatory failed tests:',
  '',
  'Test name | Commit | Details | Required | Rerun command',
  '--- | --- | --- | --- | ---',
  'lint | abc | [link](http://127.0.0.1:8080/view/x) | true | `/test lint`',
  '',
  '<details>',
  '',
  'I understand the commands that are listed [here](https://go.k8s.io/bot-commands).',
  '</details>',
  '<!-- test report -->',
].join('\n');

describe('renderMarkdown', () => {
  it("shows Prow's failure comment: a table, folded details, no trace of the tag", () => {
    const html = renderMarkdown(FAILED);
    expect(html).toContain('<table>');
    expect(html).toContain('<a href="http://127.0.0.1:8080/view/x" rel="nofollow noopener noreferrer">link</a>');
    expect(html).toMatch(/<details>[\s\S]*bot-commands[\s\S]*<\/details>/);
    expect(html).not.toContain('test report');
  });

  it.each([
    ['<script>alert(1)</script>', /<script/i],
    ['<img src=x onerror=alert(1)>', /<img|onerror/i],
    ['![](https://elsewhere.example/pixel.png)', /<img|src=/i],
    ['[x](javascript:alert(1))', /href="javascript/i],
    ['<a href="javascript:alert(1)">x</a>', /javascript/i],
    ['<a href="//elsewhere.example">x</a>', /href="\/\//i],
    ['<p style="position:fixed" onclick="x()">x</p>', /style=|onclick/i],
    ['<svg><use href="data:x"/></svg>', /<svg|<use/i],
    ['<details open ontoggle=alert(1)>x', /ontoggle/i],
    ['<form action="/-/start-over" method="post"><button>x</button></form>', /<form|<button/i],
    ['<iframe src="/"></iframe><base href="//x">', /<iframe|<base/i],
    ['</div></article><h1>out</h1>', /<\/article>|<\/div>/i],
    ['<div class="box-dock toasts">x</div>', /box-dock|toasts/],
  ])('lets nothing through that acts: %s', (text, forbidden) => {
    expect(renderMarkdown(text)).not.toMatch(forbidden);
  });

  it('sets off commands, and leaves code alone', () => {
    expect(renderMarkdown('/test all\nplease')).toContain('<span class="command">/test all</span>');
    expect(renderMarkdown('see /etc')).not.toContain('class="command"');
    expect(renderMarkdown('```\n/test all\n```')).not.toContain('class="command"');
    expect(renderMarkdown('/lgtm <b>')).not.toContain('<b>');
  });

  it('copes with 64 KB of brackets', () => {
    expect(renderMarkdown('[('.repeat(32_000)).length).toBeGreaterThan(1000);
  });
});

describe('commandsIn', () => {
  it.each([
    ['/test all', ['/test all']],
    ['hello\r\n/hold\r\n  /lgtm  \r\n', ['/hold', '/lgtm']],
    ['no / command, and a/path', []],
    ['', []],
  ])('%j', (text, commands) => {
    expect(commandsIn(text)).toEqual(commands);
  });
});
