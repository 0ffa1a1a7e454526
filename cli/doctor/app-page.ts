import type { GitHub } from '../../core/github/github.ts';
import type { GitHubHosts } from '../components/github-hosts.ts';

/** The App as GitHub shows it to us, with the page where its owner changes it. */
export async function askForApp({ github, hosts }: { github: Pick<GitHub, 'asApp'>; hosts: GitHubHosts }) {
  const { data } = await (await github.asApp()).request('GET /app');
  const { slug = '', name = '', owner, permissions, events = [] } = data ?? {};
  const login = owner && 'login' in owner ? owner.login : '';
  const isOrg = !(owner && 'type' in owner) || owner.type !== 'User';
  const settings = isOrg ? `${hosts.web}/organizations/${login}/settings` : `${hosts.web}/settings`;
  return {
    slug,
    name,
    events,
    permissions: { ...permissions } as Record<string, string>,
    page: `${settings}/apps/${slug}`,
    installPage: `${hosts.web}/apps/${slug}/installations/new`,
  };
}
