import type { V1Container } from '@kubernetes/client-node';

/** What a container is to us: one of the pod utilities, which run from this program, or a program of the job's. */
export type Role = 'clonerefs' | 'initupload' | 'place-entrypoint' | 'sidecar' | 'entrypoint' | 'program';

const OPTIONS: Record<string, string> = {
  clonerefs: 'CLONEREFS_OPTIONS',
  initupload: 'INITUPLOAD_OPTIONS',
  sidecar: 'SIDECAR_OPTIONS',
};

/**
 * Recognises the containers that decoration adds (Prow: pkg/pod-utils/decorate): the utilities have no command but their options in the
 * environment; a wrapped container's command is the entrypoint that was placed in /tools. A job's own container of the same name has a command.
 */
export function roleOf({ name, command = [], args = [], env = [] }: V1Container): Role {
  const has = (variable: string | undefined) => env.some((entry) => entry.name === variable);
  const [first] = command;
  if ((first === '/tools/entrypoint' || first === '/entrypoint') && has('ENTRYPOINT_OPTIONS')) return 'entrypoint';
  if (command.length > 0) return 'program';
  if (name === 'place-entrypoint' && args.includes('--copy-mode-only')) return 'place-entrypoint';
  return has(OPTIONS[name]) ? (name as Role) : 'program';
}
