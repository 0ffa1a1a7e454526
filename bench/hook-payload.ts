import { createHmac } from 'node:crypto';

export const SECRET = 'bench';

/** A webhook of about 25 KB: a comment without a command on a pull request. */
export function commentPayload(): Buffer {
  const user = { login: 'alice', id: 1, type: 'User', site_admin: false, html_url: 'https://github.com/alice' };
  const repository = { id: 1, name: 'x', full_name: 'acme/x', private: false, owner: { ...user, login: 'acme' } };
  const labels = Array.from({ length: 60 }, (_, id) => ({
    id,
    name: `area/${id}`,
    color: 'ededed',
    description: 'Some part',
    default: false,
    url: `https://api.github.com/repos/acme/x/labels/area/${id}`,
  }));
  const issue = {
    number: 5,
    title: 'A change',
    state: 'open',
    user,
    labels,
    assignees: [user],
    pull_request: { url: 'x' },
    body: 'It changes this and that.\n'.repeat(220),
  };
  const comment = {
    id: 7,
    user,
    body: 'All work and no play makes Jack a dull boy.\n'.repeat(215),
    html_url: 'https://github.com/acme/x/pull/5#issuecomment-7',
  };
  return Buffer.from(JSON.stringify({ action: 'created', issue, comment, repository, sender: user }));
}

export function sign(payload: Buffer): string {
  return `sha256=${createHmac('sha256', SECRET).update(payload).digest('hex')}`;
}
