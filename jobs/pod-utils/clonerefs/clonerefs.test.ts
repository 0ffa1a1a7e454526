import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServer } from '../../../test/servers/index.ts';
import type { Refs } from '../../api/refs.ts';
import { testRuntime } from '../testing.ts';
import { isFor, isGitHubs } from './credentials.ts';
import { createRecords, run } from './index.ts';
import type { ClonerefsOptions } from './options.ts';
import type { CloneRecord } from './record.ts';

const lfs = await findServer('git-lfs');

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clonerefs-'));
  env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: `url.file://${folder}/github/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/',
    GIT_CONFIG_KEY_1: 'protocol.file.allow',
    GIT_CONFIG_VALUE_1: 'always',
  };
});
afterEach(() => rm(folder, { recursive: true }));

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** A repository on the other side: main with one file, and pull requests that add one each; `conflict` changes the same line as the base. */
function remote(
  org: string,
  repo: string,
): { base: string; pull(number: number, file: string, content: string): string } {
  const work = join(folder, 'work', org, repo);
  const bare = join(folder, 'github', org, `${repo}.git`);
  mkdirSync(work, { recursive: true });
  git(folder, 'init', '-q', '--bare', '-b', 'main', bare);
  git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  git(bare, 'config', 'uploadpack.allowFilter', 'true');
  git(work, 'init', '-q', '-b', 'main');
  git(work, 'config', 'user.name', 'someone');
  git(work, 'config', 'user.email', 'someone@example.com');
  const commit = (file: string, content: string) => {
    writeFileSync(join(work, file), content);
    git(work, 'add', '.');
    execFileSync('git', ['commit', '-q', '-m', file], {
      cwd: work,
      env: { ...env, GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000000 +0000' },
    });
    return git(work, 'rev-parse', 'HEAD');
  };
  const base = commit('file', 'base\n');
  git(work, 'push', '-q', bare, 'main');
  return {
    base,
    pull(number, file, content) {
      git(work, 'checkout', '-q', base);
      const sha = commit(file, content);
      git(work, 'push', '-q', bare, `HEAD:refs/pull/${number}/head`);
      return sha;
    },
  };
}

async function clone(refs: Refs[], options: Partial<ClonerefsOptions> = {}) {
  const all = {
    src_root: join(folder, 'go'),
    log: join(folder, 'clone.json'),
    git_user_name: 'ci-robot',
    git_user_email: 'ci-robot@k8s.io',
    refs,
    ...options,
  };
  const code = await run([], { ...env, CLONEREFS_OPTIONS: JSON.stringify(all) }, testRuntime());
  const text = await readFile(all.log, 'utf8');
  const [preparations, ...records] = JSON.parse(text) as CloneRecord[];
  return { code, text, preparations, records };
}

const at = (repo: string) => join(folder, 'go/src/github.com/acme', repo);

describe('clonerefs', () => {
  it("merges the pulls so that the result is the same commit each time, whatever the time zone and the person's settings", async () => {
    const site = remote('acme', 'site');
    const pulls = [1, 2].map((number) => ({ number, author: 'a', sha: site.pull(number, `new${number}`, 'x') }));
    const refs: Refs = { org: 'acme', repo: 'site', base_ref: 'main', base_sha: site.base, pulls };
    const first = await clone([refs]);
    expect([first.code, first.records[0]?.failed]).toEqual([0, undefined]);
    const merges = git(at('site'), 'log', '-2', '--first-parent', '--format=%an %ae %cn %ct %s').split('\n');
    const expected = pulls.map(
      ({ sha }, index) => `ci-robot ci-robot@k8s.io ci-robot ${1700000001 + index} Merge commit '${sha}'`,
    );
    expect(merges.reverse().map((line) => line.replace(/ into .*$/, ''))).toEqual(expected);
    expect(git(at('site'), 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
    writeFileSync(join(folder, '.gitconfig'), '[commit]\n\tgpgsign = true\n');
    env.TZ = 'Asia/Tokyo';
    await rm(join(folder, 'go'), { recursive: true });
    const second = await clone([refs]);
    expect(second.records[0]?.final_sha).toBe(first.records[0]?.final_sha);
    expect(second.records[0]?.final_sha).toMatch(/^[0-9a-f]{40}$/);
  });

  it('clones several repositories, in the order of the refs, with depth, without blobs, and in part', async () => {
    for (const repo of ['one', 'two', 'three']) remote('acme', repo).pull(1, 'x', 'y');
    const refs: Refs[] = [
      { org: 'acme', repo: 'one', base_ref: 'main', clone_depth: 1, pulls: [{ number: 1, author: 'a', sha: '' }] },
      { org: 'acme', repo: 'two', base_ref: 'main', blobless_fetch: true, path_alias: 'k8s.io/two' },
      { org: 'acme', repo: 'three', base_ref: 'main', sparse_checkout_files: ['nothing'] },
    ];
    const { records } = await clone(refs, { max_parallel_workers: 2 });
    expect(records.map(({ refs: { repo }, failed }) => [repo, failed])).toEqual([
      ['one', undefined],
      ['two', undefined],
      ['three', undefined],
    ]);
    expect(await readFile(join(folder, 'go/src/k8s.io/two/file'), 'utf8')).toBe('base\n');
  });

  it('initialises submodules unless told not to', async () => {
    remote('acme', 'lib');
    const site = join(folder, 'work/acme/site');
    remote('acme', 'site');
    git(site, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', 'https://github.com/acme/lib.git', 'lib');
    git(site, 'commit', '-q', '-m', 'lib');
    git(site, 'push', '-q', join(folder, 'github/acme/site.git'), 'main');
    const refs: Refs = { org: 'acme', repo: 'site', base_ref: 'main' };
    await clone([refs]);
    expect(await readFile(join(at('site'), 'lib/file'), 'utf8')).toBe('base\n');
    await clone([{ ...refs, path_alias: 'without', skip_submodules: true }]);
    await expect(readFile(join(folder, 'go/src/without/lib/file'), 'utf8')).rejects.toThrow('ENOENT');
  });

  it.skipIf(!lfs)('fetches the files that Git LFS keeps', async () => {
    env.PATH = `${dirname(lfs ?? '')}:${env.PATH}`;
    env.GIT_CONFIG_GLOBAL = join(folder, 'gitconfig');
    git(folder, 'lfs', 'install', '--skip-repo');
    remote('acme', 'site');
    const site = join(folder, 'work/acme/site');
    git(site, 'lfs', 'track', '*.bin');
    writeFileSync(join(site, 'big.bin'), 'the real content');
    git(site, 'add', '.');
    git(site, 'commit', '-q', '-m', 'big');
    git(site, 'remote', 'add', 'origin', `file://${folder}/github/acme/site.git`);
    git(site, 'push', '-q', 'origin', 'main');
    const { records } = await clone([{ org: 'acme', repo: 'site', base_ref: 'main' }]);
    expect(records[0]?.failed).toBeUndefined();
    expect(await readFile(join(at('site'), 'big.bin'), 'utf8')).toBe('the real content');
    expect(git(at('site'), 'remote')).toBe('');
  });

  it('records a conflict, and fails only when told to', async () => {
    const site = remote('acme', 'site');
    const pulls = [1, 2].map((number) => ({
      number,
      author: 'a',
      sha: site.pull(number, 'file', `change ${number}\n`),
    }));
    const refs: Refs = { org: 'acme', repo: 'site', base_ref: 'main', pulls };
    const { code, records } = await clone([refs]);
    expect([code, records[0]?.failed, records[0]?.final_sha]).toEqual([0, true, undefined]);
    expect(records[0]?.commands?.at(-1)).toMatchObject({
      error: 'exit status 1',
      output: expect.stringContaining('CONFLICT'),
    });
    await rm(join(folder, 'go'), { recursive: true });
    expect((await clone([refs], { fail: true })).code).toBe(1);
  });

  it('tries a fetch again', async () => {
    const refs: Refs = { org: 'acme', repo: 'late', base_ref: 'main' };
    const options = { src_root: join(folder, 'go'), log: '', refs: [refs] };
    const running = createRecords(options, env, testRuntime(), [10, 20, 50, 100, 200, 500, 1000, 2000]);
    remote('acme', 'late');
    expect((await running)[1]?.failed).toBeUndefined();
    const gone = await createRecords({ ...options, refs: [{ ...refs, repo: 'gone' }] }, env, testRuntime(), [1, 1]);
    expect(gone[1]?.commands?.at(-1)?.error).toBe('exit status 128');
  });

  it('records hostile refs as a failed clone and runs nothing', async () => {
    const { records } = await clone([{ org: 'acme', repo: 'site', base_ref: `--upload-pack=touch ${folder}/evil;` }]);
    expect(records[0]).toMatchObject({ failed: true });
    await expect(readFile(join(folder, 'evil'))).rejects.toThrow('ENOENT');
  });

  it.each([
    { name: 'no refs', options: { refs: [] } },
    { name: 'no source root', options: { src_root: '' } },
    {
      name: 'the same place twice',
      options: {
        refs: [
          { org: 'a', repo: 'b' },
          { org: 'a', repo: 'b' },
        ],
      },
    },
    { name: 'an App without a key', options: { github_app_id: '1', github_api_endpoints: ['x'] } },
    {
      name: 'two kinds of authentication',
      options: {
        oauth_token_file: 'x',
        github_app_id: '1',
        github_app_private_key_file: 'y',
        github_api_endpoints: ['x'],
      },
    },
  ])('refuses $name', async ({ options }) => {
    const all = { src_root: 'x', log: 'y', refs: [{ org: 'a', repo: 'b' }], ...options };
    expect(await run([], { CLONEREFS_OPTIONS: JSON.stringify(all) }, testRuntime())).toBe(1);
  });
});

describe('credentials', () => {
  let server: Server;
  let asked: { url: string; authorization: string }[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      const url = request.url ?? '';
      asked.push({ url, authorization: request.headers.authorization ?? '' });
      response.setHeader('content-type', 'application/json');
      if (url === '/api/orgs/acme/installation') return response.end('{"id":7}');
      if (url === '/api/app/installations/7/access_tokens') {
        response.statusCode = 201;
        return response.end(
          JSON.stringify({ token: 'ghs_installation', expires_at: '2100-01-01T00:00:00Z', permissions: {} }),
        );
      }
      response.statusCode = 404;
      return response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function cloneWith(options: Partial<ClonerefsOptions>) {
    env.GIT_CONFIG_KEY_0 = `url.${url()}/git/.insteadOf`;
    const all = {
      src_root: join(folder, 'go'),
      log: '',
      refs: [{ org: 'acme', repo: 'site', base_ref: 'main' }],
      ...options,
    };
    const text = JSON.stringify(await createRecords(all, env, testRuntime(), []));
    const fetched = asked.find(({ url: path }) => path.startsWith('/git/acme/site.git/info/refs'));
    return { text, shown: Buffer.from(fetched?.authorization.replace('Basic ', '') ?? '', 'base64').toString() };
  }

  it('an OAuth token goes to the server, and neither into records nor into files', async () => {
    writeFileSync(join(folder, 'token'), 'ghp_secret/1\n');
    const { text, shown } = await cloneWith({ oauth_token_file: join(folder, 'token') });
    expect(shown).toBe('ghp_secret/1:x-oauth-basic');
    for (const form of ['ghp_secret', Buffer.from('ghp_secret/1:x-oauth-basic').toString('base64')]) {
      expect(text).not.toContain(form);
      expect(await readFile(join(at('site'), '.git/config'), 'utf8')).not.toContain(form);
    }
  });

  it.each([
    { name: "GitHub's own", uri: 'https://github.com/acme/site.git', shown: true },
    { name: 'that of an API endpoint', uri: 'https://ghe.example/acme/site.git', shown: true },
    { name: "that of the first refs' page", uri: 'http://own.example:8080/acme/site', shown: true },
    { name: 'another', uri: 'https://evil.example/github.com/acme/site.git', shown: false },
    { name: "GitHub's without encryption", uri: 'http://github.com/acme/site.git', shown: false },
    { name: "one that only begins like GitHub's", uri: 'https://github.com.evil.example/a', shown: false },
    { name: "one behind GitHub's as a user", uri: 'https://github.com@evil.example/a', shown: false },
    { name: 'one behind a backslash', uri: 'https://github.com\\@evil.example/a', shown: false },
    { name: 'another port', uri: 'https://github.com:8443/a', shown: false },
  ])('a token is shown to $name server: $shown', ({ uri, shown }) => {
    const refs = [{ org: 'acme', repo: 'site', repo_link: 'http://own.example:8080/acme/site' }];
    const endpoints = ['https://api.github.com', 'https://ghe.example/api/v3'];
    expect(isGitHubs(uri, { src_root: '', log: '', refs, github_api_endpoints: endpoints })).toBe(shown);
  });

  it.each([
    { say: 'its own organization', org: 'acme', uri: 'https://github.com/Acme/site.git', meant: true },
    { say: "another's", org: 'other', uri: 'https://github.com/other/site.git', meant: false },
    { say: "another's under the own name", org: 'acme', uri: 'https://github.com/other/site.git', meant: false },
    { say: "another's behind dots", org: 'acme', uri: 'https://github.com/acme/../other/site.git', meant: false },
    { say: "another's behind written dots", org: 'acme', uri: 'https://github.com/acme/%2e%2e/other/s', meant: false },
    { say: 'what is no address', org: 'acme', uri: 'git@github.com:acme/site.git', meant: false },
  ])('a token that is for one organization is for $say: $meant', ({ org, uri, meant }) => {
    expect(isFor(org, uri, { token_orgs: ['acme'] })).toBe(meant);
    expect(isFor(org, uri, {})).toBe(true);
  });

  it('no token goes for the code of an organization that it is not for', async () => {
    writeFileSync(join(folder, 'token'), 'ghp_secret');
    const refs = ['acme', 'other'].map((org) => ({
      org,
      repo: 'site',
      base_ref: 'main',
      repo_link: `${url()}/${org}/site`,
    }));
    await cloneWith({ oauth_token_file: join(folder, 'token'), token_orgs: ['acme'], refs });
    const shown = (org: string) =>
      asked.filter(({ url: path }) => path.startsWith(`/${org}/`)).map(({ authorization }) => authorization !== '');
    expect([shown('acme'), shown('other')]).toEqual([[true], [false]]);
  });

  it("no token goes to a server that is not GitHub's, whatever a later refs says of itself", async () => {
    writeFileSync(join(folder, 'token'), 'ghp_secret');
    const other = { org: 'acme', repo: 'two', base_ref: 'main', repo_link: url(), clone_uri: `${url()}/git/two` };
    await cloneWith({
      oauth_token_file: join(folder, 'token'),
      refs: [{ org: 'acme', repo: 'site', base_ref: 'main' }, other],
    });
    const shown = (repo: string) =>
      asked.filter(({ url: path }) => path.includes(repo)).map(({ authorization }) => authorization !== '');
    expect([shown('site'), shown('two')]).toEqual([[true], [false]]);
  });

  it("a GitHub App shows its installation's token", async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(folder, 'key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const { text, shown } = await cloneWith({
      github_app_id: '12',
      github_app_private_key_file: join(folder, 'key'),
      github_api_endpoints: [`${url()}/nowhere`, `${url()}/api`],
    });
    expect(shown).toBe('x-access-token:ghs_installation');
    expect(text).not.toContain('ghs_installation');
  });

  it('a missing token fails the clone with the reason', async () => {
    const { text } = await cloneWith({ oauth_token_file: join(folder, 'none') });
    expect(text).toContain('could not read secret file');
    expect(asked).toEqual([]);
  });

  it('SSH keys are loaded into an agent that ends with us', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'id')]);
    const options = { src_root: join(folder, 'go'), log: '', refs: [{ org: 'acme', repo: 'site', base_ref: 'main' }] };
    const [preparations, record] = await createRecords(
      { ...options, key_files: [join(folder, 'id')], host_fingerprints: ['host ssh-ed25519 AAA'] },
      env,
      testRuntime(),
      [],
    );
    expect(preparations?.failed).toBeUndefined();
    expect(preparations?.commands?.map(({ command }) => command.split(' ')[0])).toEqual([
      'ssh-agent',
      'ssh-add',
      'append',
      'lookup',
    ]);
    expect(await readFile(join(folder, 'known_hosts'), 'utf8')).toBe('host ssh-ed25519 AAA\n');
    expect(record?.commands?.[0]?.command).toMatch(
      /SSH_AUTH_SOCK=\S+ SSH_AGENT_PID=\d+ GIT_SSH_COMMAND=\S+ssh -o UserKnownHostsFile=/,
    );
    const socket = /SSH_AUTH_SOCK=(\S+)/.exec(record?.commands?.[0]?.command ?? '')?.[1] ?? '';
    await expect.poll(() => existsSync(socket)).toBe(false);
  });

  it('told to stop, gives up at once, writes its records and ends the agent', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'id')]);
    const options = {
      src_root: join(folder, 'go'),
      log: join(folder, 'clone.json'),
      refs: [{ org: 'acme', repo: 'gone', base_ref: 'main', clone_uri: `file://${folder}/gone` }],
      key_files: [join(folder, 'id')],
    };
    const runtime = testRuntime();
    const ending = run([], { ...env, CLONEREFS_OPTIONS: JSON.stringify(options) }, runtime);
    await expect.poll(() => existsSync(join(folder, 'go/src/github.com/acme/gone/.git'))).toBe(true);
    runtime.interrupt('SIGTERM');
    expect(await ending).toBe(1);
    const [, record] = JSON.parse(await readFile(options.log, 'utf8'));
    expect(record.failed).toBe(true);
    const socket = /SSH_AUTH_SOCK=(\S+)/.exec(record.commands[0].command)?.[1] ?? '';
    await expect.poll(() => existsSync(socket)).toBe(false);
  });
});
