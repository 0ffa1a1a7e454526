import { FIELD, type Struct } from '../../core/config/template/value.ts';

/** Fields that are Go maps, not structs. */
const MAPS = new Set(['labels', 'annotations', 'nodeselector', 'matchlabels', 'requests', 'limits']);
const LISTS = /^(?:command|env|envfrom|\w+s)$/;

/**
 * A part of a resource as Go templates see it (`.Spec.PodSpec.Containers`), without a table of its fields: the Go name of a field is its
 * key's but for case and underscores. What is not set is empty, so also a name that Go's type does not have.
 */
export function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName);
  return typeof value === 'object' && value !== null ? structOf(value as Record<string, unknown>) : value;
}

function structOf(object: Record<string, unknown>): Struct {
  const keys = new Map(Object.keys(object).map((key) => [plain(key), key]));
  return {
    [FIELD](name) {
      const value = object[keys.get(plain(name)) ?? ''];
      if (MAPS.has(plain(name))) return { value: value ?? {} };
      return { value: byName(value ?? unset(plain(name))) };
    },
  };
}

function unset(name: string): unknown {
  if (name === 'resources') return {};
  return LISTS.test(name) ? [] : '';
}

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
