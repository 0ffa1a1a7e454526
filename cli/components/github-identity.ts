import { CutwaterError } from '../../core/errors.ts';

export interface IdentityFlags {
  'github-app-id'?: string | undefined;
  'github-app-private-key-path'?: string | undefined;
  'github-token-path'?: string | undefined;
}

/**
 * Refuses flags that say too little or too much about as whom GitHub is spoken to (Prow: GitHubOptions.Validate). The other half of an App may come from
 * Probot's environment variables.
 */
export function checkIdentity(flags: IdentityFlags, env: NodeJS.ProcessEnv): void {
  const { 'github-app-id': id, 'github-app-private-key-path': key, 'github-token-path': token } = flags;
  if (token && (id || key))
    throw new CutwaterError(
      'usage',
      '--github-token-path is mutually exclusive with --github-app-id and --github-app-private-key-path',
    );
  const [hasId, hasKey] = [id || env.APP_ID, key || env.PRIVATE_KEY_PATH || env.PRIVATE_KEY];
  if ((id && !hasKey) || (key && !hasId))
    throw new CutwaterError('usage', '--github-app-id and --github-app-private-key-path must be set together');
}
