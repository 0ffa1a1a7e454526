import { readFile } from 'node:fs/promises';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

interface Operation {
  parameters?: unknown[];
  requestBody?: { content?: Record<string, { schema?: Schema }>; required?: boolean };
}

interface Route {
  template: string;
  pattern: RegExp;
  /** More fixed parts win over fewer. */
  fixed: number;
}

/** Holds requests against GitHub's published OpenAPI description. For tests: the description is a development dependency. */
export interface RequestValidator {
  /** What breaks the description, in words; empty where nothing does. `path` is without the API's prefix. */
  check(method: string, path: string, query: URLSearchParams, body: string): string[];
}

/** Parts of paths that may hold slashes. */
const DEEP = new Set(['path', 'ref', 'branch', 'basehead', 'name', 'dir']);

/** Reads GitHub's description (12 MB), which takes a moment. */
export async function loadValidator(): Promise<RequestValidator> {
  const file = new URL('generated/api.github.com.json', import.meta.resolve('@octokit/openapi'));
  const spec: Schema = JSON.parse(await readFile(file, 'utf8'));
  const paths = spec.paths as Record<string, Record<string, Operation>>;
  const routes = Object.keys(paths)
    .map(toRoute)
    .sort((a, b) => b.fixed - a.fixed);
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: false, logger: false });
  const coercing = new Ajv({ strict: false, validateFormats: false, coerceTypes: true, logger: false });
  const compiled = new Map<string, ValidateFunction>();

  function validator(using: Ajv, key: string, schema: Schema): ValidateFunction {
    const found = compiled.get(key) ?? using.compile(plain(spec, schema));
    compiled.set(key, found);
    return found;
  }

  function checkQuery(key: string, operation: Operation, query: URLSearchParams): string[] {
    const parameters = (operation.parameters ?? [])
      .map((it) => resolve(spec, it) as Parameter)
      .filter((it) => it.in === 'query');
    return parameters.flatMap((parameter) => {
      const value = query.get(parameter.name);
      if (value === null) return parameter.required ? [`query ${parameter.name} is missing`] : [];
      const test =
        parameter.schema &&
        validator(coercing, `${key} ?${parameter.name}`, { type: 'object', properties: { value: parameter.schema } });
      return !test || test({ value })
        ? []
        : [`query ${parameter.name}=${value} ${test.errors?.[0]?.message ?? 'is wrong'}`];
    });
  }

  function checkBody(key: string, operation: Operation, text: string): string[] {
    const schema = operation.requestBody?.content?.['application/json']?.schema;
    if (text === '') return operation.requestBody?.required && schema?.required ? ['the body is missing'] : [];
    const body = parsed(text);
    if (body === undefined) return ['the body is not JSON'];
    if (!schema) return [];
    // GitHub takes a bare list of labels as well, and says so in words only.
    const value = Array.isArray(body) && key.endsWith('/labels') ? { labels: body } : body;
    const test = validator(ajv, key, schema);
    return test(value) ? [] : (test.errors ?? []).map((it) => `body${it.instancePath} ${it.message}`);
  }

  return {
    check(method, path, query, body) {
      const route = routes.find((it) => it.pattern.test(path) && paths[it.template]?.[method.toLowerCase()]);
      const operation = route && paths[route.template]?.[method.toLowerCase()];
      if (!route || !operation) return [`${method} ${path}: GitHub has no such endpoint`];
      const key = `${method} ${route.template}`;
      return [...checkQuery(key, operation, query), ...checkBody(key, operation, body)].map((it) => `${key}: ${it}`);
    },
  };
}

function toRoute(template: string): Route {
  const parts = template.split('/');
  const source = parts.map((part) =>
    part.replace(/[.+]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name: string) => (DEEP.has(name) ? '.+' : '[^/]+')),
  );
  return {
    template,
    pattern: new RegExp(`^${source.join('/')}$`),
    fixed: parts.filter((part) => !part.includes('{')).length,
  };
}

function resolve(spec: Schema, node: unknown): unknown {
  if (typeof node !== 'object' || node === null || !('$ref' in node)) return node;
  const path = String(node.$ref).slice(2).split('/');
  return path.reduce<unknown>((at, part) => (at as Schema)[part.replaceAll('~1', '/').replaceAll('~0', '~')], spec);
}

/** JSON Schema of an OpenAPI schema: references filled in, and `nullable` where JSON Schema has the type null. */
function plain(spec: Schema, node: unknown, depth = 0): Schema {
  const source = resolve(spec, node) as Schema;
  // Request bodies of GitHub are not nested deeper than this; recursion ends with "anything".
  if (depth > 12) return {};
  const copy: Schema = {};
  for (const [name, value] of Object.entries(source)) {
    if (name === 'nullable' || name === 'example' || name === 'examples') continue;
    if (name === 'properties') copy[name] = mapValues(value as Schema, (it) => plain(spec, it, depth + 1));
    else if (['items', 'additionalProperties', 'not'].includes(name) && typeof value === 'object')
      copy[name] = plain(spec, value, depth + 1);
    else if (['allOf', 'anyOf', 'oneOf'].includes(name))
      copy[name] = (value as unknown[]).map((it) => plain(spec, it, depth + 1));
    else copy[name] = value;
  }
  return source.nullable === true ? { anyOf: [copy, { type: 'null' }] } : copy;
}

function mapValues(record: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Collects what breaks GitHub's description, for `startSandbox({ onRequest })`. */
export interface RequestCheck {
  onRequest: (method: string, path: string, query: URLSearchParams, body: string) => void;
  /** Each problem once, in the order of their coming. */
  problems: string[];
}

/** GraphQL is checked by its own schema; `known` names requests that may break the description. */
export async function createRequestCheck(known: readonly RegExp[] = []): Promise<RequestCheck> {
  const validator = await loadValidator();
  const problems: string[] = [];
  return {
    problems,
    onRequest(method, path, query, body) {
      if (path === '/api/graphql') return;
      for (const problem of validator.check(method, path, query, body)) {
        if (!problems.includes(problem) && !known.some((it) => it.test(problem))) problems.push(problem);
      }
    },
  };
}
