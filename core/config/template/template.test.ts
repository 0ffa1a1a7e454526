import { describe, expect, test } from 'vitest';
import { parseTemplate } from './template.ts';
import { FIELD } from './value.ts';

const data = {
  a: 'x',
  n: 3,
  m: { k: 'v', z: 1, b: { c: 'd' } },
  l: ['p', 'q', 2],
  t: true,
  f: false,
  e: '',
  u: 'a b&c<d>\'"',
};

// Output of Go's text/template for the same data.
const cases: [source: string, text: string][] = [
  ['{{ .a -}}   b', 'xb'],
  ['a   {{- .a }}', 'ax'],
  ['{{- /* c */ -}} x', 'x'],
  ['{{if .e}}1{{else if .t}}2{{else}}3{{end}}', '2'],
  ['{{if and .t .a}}1{{end}}{{if or .e .f}}2{{else}}3{{end}}', '13'],
  ['{{with .m}}{{.k}}{{$.a}}{{end}}{{with .e}}x{{else}}y{{end}}', 'vxy'],
  ['{{with .e}}1{{else with .m}}{{.k}}{{end}}', 'v'],
  ['{{range $i, $e := .l}}{{$i}}:{{$e}},{{end}}', '0:p,1:q,2:2,'],
  ['{{range $k, $v := .m}}{{$k}};{{end}}', 'b;k;z;'],
  ['{{range .nope}}x{{else}}none{{end}}', 'none'],
  ['{{range .l}}{{if eq . "q"}}{{break}}{{end}}{{.}}{{end}}', 'p'],
  ['{{range slice .l 0 2}}{{if eq . "p"}}{{continue}}{{end}}{{.}}{{end}}', 'q'],
  ['{{index .l 1}}{{index .m "b" "c"}}', 'qd'],
  ['{{len .l}}{{len .a}}{{len .m}}', '313'],
  ['{{printf "%.7s|%5d|%-5d|%05d|%x|%q" "abcdefghij" .n .n .n .n .a}}', 'abcdefg|    3|3    |00003|3|"x"'],
  ['{{printf "%s"}}{{printf "%d" .a}}{{printf "a" .a}}', '%!s(MISSING)%!d(string=x)a%!(EXTRA string=x)'],
  ['{{"q" | printf "%s%s" .a}}', 'xq'],
  ['{{print .a .n .n "z"}}', 'x3 3z'],
  ['{{eq .a "z" "x"}}{{ne .a "y"}}{{lt .n 4}}{{ge .n 3}}', 'truetruetruetrue'],
  ['{{$x := 1}}{{if .t}}{{$x = 2}}{{end}}{{$x}}', '2'],
  ['{{define "T"}}({{.}}){{end}}{{template "T" .a}}{{template "T"}}', '(x)(<no value>)'],
  ['{{block "B" .m}}{{.k}}{{end}}', 'v'],
  ['{{html .u}}', 'a b&amp;c&lt;d&gt;&#39;&#34;'],
  ['{{urlquery .u}}', 'a+b%26c%3Cd%3E%27%22'],
  ['{{slice .a 0 1}}{{slice .l 1}}', 'x[q 2]'],
  ["{{`raw\\n`}}{{'a'}}{{1.5}}{{0x10}}", 'raw\\n971.516'],
  ['{{.nope}}{{.nope.x}}', '<no value><no value>'],
  ['{{.m}} {{.l}}', 'map[b:map[c:d] k:v z:1] [p q 2]'],
];

describe('parseTemplate', () => {
  test.each(cases)('%s', (source, text) => {
    expect(parseTemplate('x', source).execute(data)).toBe(text);
  });

  test.each(['{{if}}x{{end}}', '{{end}}', '{{if .a}}', '{{.a', '{{foo}}', '{{$x}}', '{{break}}', '{{else}}'])(
    '%s cannot be read',
    (source) => {
      expect(() => parseTemplate('x', source)).toThrow(expect.objectContaining({ code: 'config' }));
    },
  );

  test.each(['{{index .l 5}}', '{{.a.x}}', '{{eq .a 3}}', '{{template "nope"}}', '{{.a | .a}}', '{{slice .a 2 3}}'])(
    '%s does not fit the data',
    (source) => {
      expect(() => parseTemplate('x', source).execute(data)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );

  test('structs show their own fields alone; a pointer to nothing has none', () => {
    const refs = { [FIELD]: (name: string) => (name === 'Org' ? { value: 'o' } : undefined) };
    const job = { [FIELD]: (name: string) => ({ value: name === 'Refs' ? refs : null }) };
    expect(parseTemplate('x', '{{if .None}}1{{end}}{{.Refs.Org}}').execute(job)).toBe('o');
    expect(() => parseTemplate('x', '{{.Refs.Nope}}').execute(job)).toThrow("can't evaluate field Nope");
    expect(() => parseTemplate('x', '{{.None.Org}}').execute(job)).toThrow('nil pointer');
  });

  test('a template that calls itself ends', () => {
    expect(() => parseTemplate('x', '{{define "T"}}{{template "T"}}{{end}}{{template "T"}}').execute({})).toThrow(
      'exceeded maximum template depth',
    );
  });
});
