import { Policy } from './schema.ts';

/** Every key of a policy, in Prow's order. */
export const POLICY_KEYS = Object.keys(Policy.shape) as readonly (keyof Policy)[];

/** The wider place's policy with the narrower one's over it: switches are replaced, lists are joined (Prow: Policy.Apply). */
export function applied(parent: Policy, child: Policy): Policy {
  return Object.fromEntries(
    POLICY_KEYS.map((key) => [key, merged(parent[key], child[key])]).filter(([, value]) => value !== undefined),
  );
}

function merged(parent: unknown, child: unknown): unknown {
  if (child === undefined) return parent;
  if (parent === undefined) return child;
  if (Array.isArray(parent) && Array.isArray(child)) return [...new Set([...parent, ...child])].sort();
  if (!isGroup(parent) || !isGroup(child)) return child;
  const keys = [...new Set([...Object.keys(parent), ...Object.keys(child)])];
  return Object.fromEntries(keys.map((key) => [key, merged(parent[key], child[key])]));
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
