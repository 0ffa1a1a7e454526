import { CutwaterError } from '../../../core/errors.ts';
import { fromRepository } from '../../api/from-repository.ts';
import type { ProwJob, ProwJobSpec } from '../../api/prowjob.ts';
import type { Refs } from '../../api/refs.ts';
import { clonePath } from '../../spec/paths.ts';

/** What the operator allows to jobs in containers of this machine. */
export interface Confinement {
  /** `--local-host-access`: the machine itself. */
  hostAccess: boolean;
  /** `--local-repo-secret`: the secrets that jobs which repositories declare may name. */
  repoSecrets: readonly string[];
}

interface Check {
  /** The path of a field of the job's spec; `[]` stands for every item of a list. */
  field: string;
  /** Whether the job is refused for the value. Where it is not given, whatever is set and not false. */
  refused?: (value: unknown, spec: ProwJobSpec) => boolean;
  why: string;
}

const HOST = 'it reaches this machine, which only --local-host-access allows';
const REMOTE = 'not an http, ssh or git address of another machine, which only --local-host-access allows';

const inContainers = (checks: readonly Check[]): Check[] =>
  ['containers', 'initContainers'].flatMap((list) =>
    checks.map((check) => ({ ...check, field: `pod_spec.${list}[].${check.field}` })),
  );

/** What leads out of a container, or has the pod utilities, which run outside as the bot, read or write elsewhere. */
const HOST_ACCESS: readonly Check[] = [
  { field: 'pod_spec.hostNetwork', why: HOST },
  { field: 'pod_spec.hostPID', why: HOST },
  { field: 'pod_spec.hostIPC', why: HOST },
  { field: 'pod_spec.volumes[].hostPath', why: HOST },
  ...inContainers([
    { field: 'securityContext.privileged', why: HOST },
    { field: 'securityContext.capabilities.add[]', why: HOST },
    // A job may put a link there before it is mounted.
    { field: 'volumeMounts[].subPath', why: HOST },
    { field: 'volumeMounts[].subPathExpr', why: HOST },
  ]),
  ...['refs', 'extra_refs[]'].flatMap((refs): Check[] => [
    { field: `${refs}.clone_uri`, refused: isNotRemote, why: REMOTE },
    { field: `${refs}.repo_link`, refused: isNotRemote, why: REMOTE },
    // A link in the outer repository would be followed when the inner one is cloned.
    { field: refs, refused: liesInAnother, why: 'its folder lies in that of others' },
  ]),
];

/** What no operator can want. */
const NEVER: readonly Check[] = [
  ...inContainers([
    // The engines read a list of settings out of it.
    {
      field: 'volumeMounts[].mountPath',
      refused: (path) => /[,:"\p{Cc}]/u.test(String(path)),
      why: 'not a plain path',
    },
    // Volumes of the decoration's, such as the folder of everybody's results, are not for the job to mount.
    { field: 'volumeMounts[].name', refused: isNoVolume, why: 'not a volume of pod_spec.volumes' },
  ]),
  ...['oauth_token_secret.key', 'github_app_private_key_secret.key', 'cookiefile_secret'].map((field) => ({
    field: `decoration_config.${field}`,
    refused: (key: unknown) => String(key).split('/').includes('..'),
    why: 'it leads out of the secret',
  })),
];

/** Keeps a job that runs in containers of this machine from the machine. Throws `invalid`, naming every field at fault. */
export function assertConfined({ spec, metadata }: ProwJob, { hostAccess, repoSecrets }: Confinement): void {
  const checks = hostAccess ? NEVER : [...HOST_ACCESS, ...NEVER];
  const problems = checks.flatMap(({ field, refused = Boolean, why }) =>
    [...valuesAt(spec, field)].filter(([, value]) => refused(value, spec)).map(([path]) => `${path}: ${why}`),
  );
  for (const name of fromRepository(metadata)?.secrets ?? [])
    if (!repoSecrets.includes(name))
      problems.push(`secret "${name}": not for a job that its repository declares, unless --local-repo-secret=${name}`);
  if (problems.length > 0) throw new CutwaterError('invalid', problems.join('; '));
}

/** The values at a path that are there, each with its own path. */
function* valuesAt(root: unknown, path: string, above = ''): Generator<[path: string, value: unknown]> {
  if (root === undefined || root === null) return;
  if (path === '') return yield [above, root];
  const [, name = '', list, rest = ''] = /^([^.[]+)(\[\])?\.?(.*)$/.exec(path) ?? [];
  const value = (root as Record<string, unknown>)[name];
  const at = above ? `${above}.${name}` : name;
  if (!list) return yield* valuesAt(value, rest, at);
  for (const [index, item] of ((value as unknown[] | undefined) ?? []).entries())
    yield* valuesAt(item, rest, `${at}[${index}]`);
}

/** Addresses that git reads as a path, a file or the name of a program are of this machine (`git help clone`, "GIT URLS"). */
function isNotRemote(address: unknown): boolean {
  const url = /^(?:https?|ssh|git):\/\/[^/]/i;
  const scp = /^(?!file:)(?:\w[\w.+-]*@)?(?:\w[\w.-]*|\[[\da-f:]+\]):(?!:|\/\/)/i;
  return address !== '' && !url.test(String(address)) && !scp.test(String(address));
}

function isNoVolume(name: unknown, { pod_spec }: ProwJobSpec): boolean {
  return !pod_spec?.volumes?.some((volume) => volume.name === name);
}

function liesInAnother(refs: unknown, { refs: own, extra_refs = [] }: ProwJobSpec): boolean {
  // There are file systems that take no note of case.
  const folderOf = (some: Refs) => clonePath('', some).toLowerCase();
  return [...(own ? [own] : []), ...extra_refs].some((other) =>
    folderOf(refs as Refs).startsWith(`${folderOf(other)}/`),
  );
}
