import { CutwaterError, messageOf } from '../../errors.ts';
import type { Node, Operand, Pipe } from './ast.ts';
import { FUNCTIONS, type TemplateFunction } from './functions.ts';
import { Parser } from './parser.ts';
import { entriesOf, fieldOf, isTrue, print } from './value.ts';

/** A Go text/template: no HTML escaping, Go's own functions and those given. */
export interface Template {
  /** Throws `invalid` where the data has no such field, an index is out of range, and the like. */
  execute(data: unknown): string;
}

/** Reads a Go template. Throws `config` with Go's words. */
export function parseTemplate(
  name: string,
  source: string,
  functions: Record<string, TemplateFunction> = {},
): Template {
  const parser = parserOf(name, source, functions);
  return {
    execute(data) {
      const run = new Run({ ...FUNCTIONS, ...functions }, parser.defined, data);
      try {
        run.list(parser.nodes, data);
      } catch (error) {
        throw new CutwaterError('invalid', `template: ${name}: ${messageOf(error)}`, { cause: error });
      }
      return run.output;
    },
  };
}

function parserOf(name: string, source: string, functions: Record<string, TemplateFunction>) {
  try {
    const parser = new Parser(source, Object.keys(functions));
    return { nodes: parser.parse(), defined: parser.defined };
  } catch (error) {
    throw new CutwaterError('config', `template: ${name}: ${messageOf(error)}`, { cause: error });
  }
}

const MAX_DEPTH = 100;
type Jump = 'break' | 'continue' | undefined;

class Run {
  output = '';
  readonly #functions: Record<string, TemplateFunction>;
  readonly #defined: ReadonlyMap<string, Node[]>;
  #variables: { name: string; value: unknown }[];
  #depth = 0;

  constructor(functions: Record<string, TemplateFunction>, defined: ReadonlyMap<string, Node[]>, data: unknown) {
    this.#functions = functions;
    this.#defined = defined;
    this.#variables = [{ name: '$', value: data }];
  }

  list(nodes: readonly Node[], dot: unknown): Jump {
    for (const node of nodes) {
      const jump = this.#node(node, dot);
      if (jump) return jump;
    }
    return undefined;
  }

  #node(node: Node, dot: unknown): Jump {
    switch (node.type) {
      case 'text':
        this.output += node.text;
        return undefined;
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.output += print(value);
        return undefined;
      }
      case 'template':
        return this.#template(node.name, node.pipe ? this.#pipe(node.pipe, dot) : undefined);
      case 'break':
      case 'continue':
        return node.type;
      default:
        return this.#scoped(() => (node.type === 'range' ? this.#range(node, dot) : this.#branch(node, dot)));
    }
  }

  #branch(node: Extract<Node, { pipe: Pipe; body: Node[] }>, dot: unknown): Jump {
    const value = this.#pipe(node.pipe, dot);
    if (!isTrue(value)) return this.list(node.otherwise, dot);
    return this.list(node.body, node.type === 'with' ? value : dot);
  }

  #range(node: Extract<Node, { pipe: Pipe; body: Node[] }>, dot: unknown): Jump {
    const entries = entriesOf(this.#pipe({ ...node.pipe, variables: [] }, dot));
    if (entries.length === 0) return this.list(node.otherwise, dot);
    const [first, second] = node.pipe.variables;
    for (const [key, value] of entries) {
      const jump = this.#scoped(() => {
        if (second !== undefined && first !== undefined) this.#set(first, key, node.pipe.declares);
        const name = second ?? first;
        if (name !== undefined) this.#set(name, value, node.pipe.declares);
        return this.list(node.body, value);
      });
      if (jump === 'break') break;
    }
    return undefined;
  }

  #template(name: string, data: unknown): undefined {
    const nodes = this.#defined.get(name);
    if (!nodes) throw new Error(`template ${JSON.stringify(name)} not defined`);
    if (++this.#depth > MAX_DEPTH) throw new Error('exceeded maximum template depth');
    const variables = this.#variables;
    this.#variables = [{ name: '$', value: data }];
    this.list(nodes, data);
    this.#variables = variables;
    this.#depth--;
  }

  #scoped(body: () => Jump): Jump {
    const mark = this.#variables.length;
    const jump = body();
    this.#variables.length = mark;
    return jump;
  }

  #set(name: string, value: unknown, declares: boolean): void {
    if (declares) {
      this.#variables.push({ name, value });
      return;
    }
    this.#variable(name).value = value;
  }

  #variable(name: string): { name: string; value: unknown } {
    const found = this.#variables.findLast((variable) => variable.name === name);
    if (!found) throw new Error(`undefined variable ${JSON.stringify(name)}`);
    return found;
  }

  #pipe(pipe: Pipe, dot: unknown): unknown {
    let piped: unknown[] = [];
    for (const command of pipe.commands) piped = [this.#command(command, dot, piped)];
    const [name] = pipe.variables;
    if (name !== undefined) this.#set(name, piped[0], pipe.declares);
    return piped[0];
  }

  #command([first, ...rest]: Operand[], dot: unknown, piped: unknown[]): unknown {
    if (!first) throw new Error('empty command');
    if (first.type !== 'function') {
      if (rest.length > 0 || piped.length > 0) throw new Error(`can't give argument to non-function`);
      return this.#operand(first, dot);
    }
    if (first.name === 'and' || first.name === 'or') return this.#lazy(first.name, rest, dot, piped);
    const args = [...rest.map((operand) => this.#operand(operand, dot)), ...piped];
    const call = this.#functions[first.name];
    if (!call) throw new Error(`function ${JSON.stringify(first.name)} not defined`);
    return call(...args);
  }

  #lazy(name: 'and' | 'or', operands: Operand[], dot: unknown, piped: unknown[]): unknown {
    let value: unknown;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }

  #operand(operand: Operand, dot: unknown): unknown {
    switch (operand.type) {
      case 'dot':
        return dot;
      case 'value':
        return operand.value;
      case 'function':
        return this.#command([operand], dot, []);
      case 'field':
        return operand.names.reduce(fieldOf, dot);
      case 'variable':
        return operand.names.reduce(fieldOf, this.#variable(operand.name).value);
      case 'group':
        return operand.names.reduce(fieldOf, this.#pipe(operand.pipe, dot));
    }
  }
}
