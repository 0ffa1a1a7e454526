import type { Node, Operand, Pipe } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { type Token, tokenize } from './lexer.ts';
import { unquote } from './quote.ts';

const ENDS = new Set(['end', 'else']);

/** Reads one template and those it defines. Throws an Error with Go's words. */
export class Parser {
  readonly defined = new Map<string, Node[]>();
  readonly #tokens: Token[];
  readonly #functions: ReadonlySet<string>;
  #at = 0;
  /** Variables that may be named here. */
  #scope = ['$'];
  #loops = 0;

  constructor(source: string, functions: Iterable<string>) {
    this.#tokens = tokenize(source);
    this.#functions = new Set(functions);
  }

  parse(): Node[] {
    const nodes = this.#list();
    if (this.#at < this.#tokens.length) throw new Error(`unexpected {{${this.#keyword()}}}`);
    return nodes;
  }

  #list(): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (token?.kind === 'text') {
        nodes.push({ type: 'text', text: token.text });
        this.#at++;
        continue;
      }
      if (ENDS.has(this.#keyword())) return nodes;
      const node = this.#action();
      if (node) nodes.push(node);
    }
    return nodes;
  }

  /** The word that opens the action we stand before. */
  #keyword(): string {
    let index = this.#at + 1;
    while (this.#tokens[index]?.kind === 'space') index++;
    const token = this.#tokens[index];
    return token?.kind === 'word' ? token.text : '';
  }

  #action(): Node | undefined {
    this.#at++;
    this.#space();
    const word = this.#peek()?.kind === 'word' ? this.#peek()?.text : '';
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        this.#at++;
        return this.#control(word);
      case 'break':
      case 'continue':
        this.#at++;
        this.#close();
        if (this.#loops === 0) throw new Error(`{{${word}}} outside {{range}}`);
        return { type: word };
      case 'define':
        this.#at++;
        return this.#define();
      case 'block':
        this.#at++;
        return this.#block();
      case 'template':
        this.#at++;
        return this.#template();
    }
    const pipe = this.#pipe();
    this.#close();
    return { type: 'action', pipe };
  }

  #control(type: 'if' | 'with' | 'range'): Node {
    const mark = this.#scope.length;
    const pipe = this.#pipe();
    this.#close();
    if (type === 'range') this.#loops++;
    const body = this.#list();
    if (type === 'range') this.#loops--;
    const otherwise = this.#otherwise(type);
    this.#scope.length = mark;
    return { type, pipe, body, otherwise };
  }

  #otherwise(type: 'if' | 'with' | 'range'): Node[] {
    const word = this.#keyword();
    if (!word) throw new Error('unexpected EOF');
    this.#at++;
    this.#space();
    this.#at++;
    this.#space();
    if (word === 'end') {
      this.#close();
      return [];
    }
    const chained = this.#peek();
    if (chained?.kind === 'word' && chained.text === type && type !== 'range') {
      this.#at++;
      return [this.#control(type)];
    }
    this.#close();
    const nodes = this.#list();
    this.#end();
    return nodes;
  }

  #end(): void {
    if (this.#keyword() !== 'end') throw new Error('unexpected EOF');
    this.#at++;
    this.#space();
    this.#at++;
    this.#close();
  }

  #define(): undefined {
    const name = this.#name();
    this.#close();
    this.#body(name);
  }

  /** What a definition says; it sees no variables from around it. */
  #body(name: string): void {
    const outer = { scope: this.#scope, loops: this.#loops };
    this.#scope = ['$'];
    this.#loops = 0;
    this.defined.set(name, this.#list());
    this.#scope = outer.scope;
    this.#loops = outer.loops;
    this.#end();
  }

  #block(): Node {
    const name = this.#name();
    const pipe = this.#pipe();
    this.#close();
    this.#body(name);
    return { type: 'template', name, pipe };
  }

  #template(): Node {
    const name = this.#name();
    this.#space();
    const pipe = this.#peek()?.kind === 'close' ? undefined : this.#pipe();
    this.#close();
    return { type: 'template', name, pipe };
  }

  #name(): string {
    this.#space();
    const token = this.#next();
    if (token?.kind !== 'string') throw new Error(`unexpected ${describe(token)} in template clause`);
    return unquote(token.text);
  }

  #pipe(): Pipe {
    this.#space();
    const { variables, declares } = this.#declaration();
    const commands: Operand[][] = [];
    for (;;) {
      commands.push(this.#command());
      if (this.#peek()?.text !== '|' || this.#peek()?.kind !== 'punctuation') break;
      this.#at++;
    }
    return { variables, declares, commands };
  }

  /** `$x :=`, `$x =` or `$i, $x :=` in front of a pipeline. */
  #declaration(): { variables: string[]; declares: boolean } {
    const start = this.#at;
    const variables: string[] = [];
    while (this.#peek()?.kind === 'variable') {
      variables.push(this.#next()?.text ?? '');
      this.#space();
      const mark = this.#next()?.text;
      this.#space();
      if (mark === ':=' || mark === '=') return this.#declared(variables, mark === ':=');
      if (mark !== ',') break;
    }
    this.#at = start;
    return { variables: [], declares: false };
  }

  #declared(variables: string[], declares: boolean): { variables: string[]; declares: boolean } {
    if (declares) this.#scope.push(...variables);
    else for (const name of variables) this.#known(name);
    return { variables, declares };
  }

  #known(name: string): string {
    if (!this.#scope.includes(name)) throw new Error(`undefined variable ${JSON.stringify(name)}`);
    return name;
  }

  #command(): Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.#space();
      const token = this.#peek();
      if (!token) throw new Error('unclosed action');
      if (token.kind === 'close' || (token.kind === 'punctuation' && token.text !== '(')) break;
      operands.push(this.#operand());
    }
    if (operands.length === 0) throw new Error('missing value for command');
    return operands;
  }

  #operand(): Operand {
    const token = this.#next();
    switch (token?.kind) {
      case 'field':
        return { type: 'field', names: [token.text.slice(1), ...this.#chain()] };
      case 'dot':
        return { type: 'dot' };
      case 'variable':
        return { type: 'variable', name: this.#known(token.text), names: this.#chain() };
      case 'string':
      case 'char':
        return { type: 'value', value: token.kind === 'char' ? charCode(token.text) : unquote(token.text) };
      case 'number':
        return { type: 'value', value: Number(token.text.replaceAll('_', '')) };
      case 'word':
        return this.#word(token.text);
    }
    if (token?.text !== '(') throw new Error(`unexpected ${describe(token)} in operand`);
    const pipe = this.#pipe();
    this.#space();
    if (this.#next()?.text !== ')') throw new Error('unclosed left paren');
    return { type: 'group', pipe, names: this.#chain() };
  }

  #word(text: string): Operand {
    if (text === 'true' || text === 'false') return { type: 'value', value: text === 'true' };
    if (text === 'nil') return { type: 'value', value: null };
    if (!this.#functions.has(text) && !(text in FUNCTIONS))
      throw new Error(`function ${JSON.stringify(text)} not defined`);
    return { type: 'function', name: text };
  }

  #chain(): string[] {
    const names: string[] = [];
    while (this.#peek()?.kind === 'field') names.push((this.#next()?.text ?? '').slice(1));
    return names;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  #space(): void {
    while (this.#peek()?.kind === 'space') this.#at++;
  }

  #close(): void {
    this.#space();
    const token = this.#next();
    if (token?.kind !== 'close') throw new Error(`unexpected ${describe(token)} in action`);
  }
}

function describe(token: Token | undefined): string {
  return token ? JSON.stringify(token.text) : 'EOF';
}

function charCode(text: string): number {
  return unquote(`"${text.slice(1, -1).replaceAll('"', '\\"')}"`).codePointAt(0) ?? 0;
}
