import path from 'node:path';
import type { Mirrors } from '../../core/git/mirror.ts';
import { createMirrors } from '../../core/git/mirrors.ts';
import type { GitHub } from '../../core/github/github.ts';
import type { Logger } from '../../core/log.ts';

/** The program's one set of mirrors, which fetches and pushes as the bot. */
export function openMirrors(
  host: string | undefined,
  dataDir: string,
  github: Pick<GitHub, 'gitCredentials'>,
  log: Logger,
): Mirrors {
  const base = gitBase(host);
  return createMirrors({
    folder: path.join(dataDir, 'mirrors'),
    async remote(org, repo) {
      const { username, password } = await github.gitCredentials(org);
      return { url: `${base}/${org}/${repo}.git`, ...(password && { credentials: { username, password } }) };
    },
    log,
  });
}

/** Where git is spoken: Prow's --github-host, or the GitHub Enterprise Server of Probot's variables. */
function gitBase(host: string | undefined): string {
  const { GHE_HOST, GHE_PROTOCOL = 'https' } = process.env;
  if (host) return `https://${host}`;
  return GHE_HOST ? `${GHE_PROTOCOL}://${GHE_HOST}` : 'https://github.com';
}
