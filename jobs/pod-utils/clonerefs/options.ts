import { CutwaterError } from '../../../core/errors.ts';
import type { Refs } from '../../api/refs.ts';
import { clonePath } from '../../spec/paths.ts';
import { parseFlags } from '../flags.ts';
import type { Shape } from '../shape.ts';
import { parseRefs } from './parse-refs.ts';

/** Clonerefs' options, as JSON in CLONEREFS_OPTIONS (Prow: pkg/clonerefs/options.go). */
export interface ClonerefsOptions {
  src_root: string;
  log: string;
  git_user_name?: string | undefined;
  git_user_email?: string | undefined;
  refs: Refs[];
  key_files?: string[] | undefined;
  oauth_token_file?: string | undefined;
  host_fingerprints?: string[] | undefined;
  /** 0 or absent: all at once. */
  max_parallel_workers?: number | undefined;
  fail?: boolean | undefined;
  cookie_path?: string | undefined;
  github_api_endpoints?: string[] | undefined;
  github_app_id?: string | undefined;
  github_app_private_key_file?: string | undefined;
  /** Ours: the organizations whose code the token may fetch. Absent: those of all refs, as in Prow. */
  token_orgs?: string[] | undefined;
}

export const CLONEREFS_SHAPE = {
  src_root: 'string',
  log: 'string',
  git_user_name: 'string',
  git_user_email: 'string',
  refs: [
    {
      org: 'string',
      repo: 'string',
      repo_link: 'string',
      base_ref: 'string',
      base_sha: 'string',
      pulls: [{ number: 'number', sha: 'string', ref: 'string' }],
      path_alias: 'string',
      clone_uri: 'string',
      skip_submodules: 'boolean',
      clone_depth: 'number',
      skip_fetch_head: 'boolean',
      blobless_fetch: 'boolean',
      sparse_checkout_files: ['string'],
    },
  ],
  key_files: ['string'],
  oauth_token_file: 'string',
  host_fingerprints: ['string'],
  max_parallel_workers: 'number',
  fail: 'boolean',
  cookie_path: 'string',
  github_api_endpoints: ['string'],
  github_app_id: 'string',
  github_app_private_key_file: 'string',
  token_orgs: ['string'],
} as const satisfies Shape;

/** The options from clonerefs' command line. Throws `usage`. */
export function clonerefsFlags(argv: readonly string[]): ClonerefsOptions {
  const { values } = parseFlags(argv, {
    'src-root': 'string',
    log: 'string',
    'git-user-name': 'string',
    'git-user-email': 'string',
    repo: 'list',
    'ssh-key': 'list',
    'clone-alias': 'string',
    'uri-prefix': 'string',
    'max-workers': 'int',
    cookiefile: 'string',
    fail: 'bool',
  });
  const text = (name: keyof typeof values) => values[name] as string | undefined;
  const refs = ((values.repo as string[] | undefined) ?? []).map(parseRefs);
  const alias = text('clone-alias');
  const uri = text('uri-prefix');
  return {
    src_root: text('src-root') ?? '',
    log: text('log') ?? '',
    git_user_name: text('git-user-name') ?? 'ci-robot',
    git_user_email: text('git-user-email') ?? 'ci-robot@k8s.io',
    refs: refs.map((ref) => ({
      ...ref,
      ...(alias && { path_alias: forRepo(alias, ref) }),
      ...(uri && { clone_uri: forRepo(uri, ref) }),
    })),
    key_files: values['ssh-key'] as string[] | undefined,
    max_parallel_workers: values['max-workers'] as number | undefined,
    cookie_path: text('cookiefile'),
    fail: values.fail as boolean | undefined,
  };
}

/** Throws `usage` with Prow's words where the options can not be followed; hands back what is only worth a warning. */
export function validateClonerefs(options: ClonerefsOptions): string[] {
  const refuse = (message: string) => new CutwaterError('usage', `invalid options: ${message}`);
  if (!options.src_root) throw refuse('no source root specified');
  if (!options.log) throw refuse('no log file specified');
  if (!options.refs?.length) throw refuse('no refs specified to clone');
  const warnings: string[] = [];
  const seen = new Map<string, Refs>();
  for (const [index, refs] of options.refs.entries()) {
    const path = clonePath(options.src_root, refs);
    const other = seen.get(path);
    const clash = `clone ref config ${index} (for ${refs.org}/${refs.repo}) will be extracted to ${path}, which clone ref (for ${other?.org}/${other?.repo}) is also using`;
    if (other && other.org === refs.org && other.repo === refs.repo) throw refuse(clash);
    if (other) warnings.push(clash);
    seen.set(path, refs);
  }
  const { github_app_id: app, github_app_private_key_file: key } = options;
  if ((app || key) && options.oauth_token_file) throw refuse('multiple authentication methods specified');
  if ((app || key) && !options.github_api_endpoints?.length) {
    throw refuse('no GitHub API endpoints for GitHub App authentication');
  }
  if (app && !key) throw refuse('no GitHub App private key file specified');
  if (key && !app) throw refuse('no GitHub App ID specified');
  return warnings;
}

/** Go's template with the two fields that Prow offers here: `{{.Org}}` and `{{.Repo}}`. */
function forRepo(template: string, refs: Refs): string {
  return template.replace(/\{\{-?\s*\.(Org|Repo)\s*-?\}\}/g, (_, field) => (field === 'Org' ? refs.org : refs.repo));
}
