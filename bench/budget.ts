// A burst of comments, answered with what this program asks of GitHub, against Probot's own throttling and retry, on the sandbox, side by side.
// Each comment: is its author a member, the pull request, a label, an answer.
//   node bench/budget.ts [COMMENTS] [PROBOT'S SHARE OF THEM]
// Probot writes once a second and comments every three, so that 200 comments take it ten minutes: a part of them is measured, and the rest reckoned.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Probot, ProbotOctokit } from 'probot';
import { Registry } from 'prom-client';
import { createGitHub } from '../core/github/github.ts';
import type { Octokit } from '../core/github/octokit.ts';
import { createLogger } from '../core/log.ts';
import { fixedSecret } from '../core/secrets/secret.ts';
import { type Sandbox, startSandbox } from '../sandbox/index.ts';

const comments = Number(process.argv[2] ?? 200);
const share = Math.min(comments, Number(process.argv[3] ?? 8));
const PULL = { owner: 'acme', repo: 'widgets', issue_number: 42 };
const log = createLogger('bench', 'fatal');

/** One comment's worth of requests, as a plugin makes them. */
async function answer(octokit: Octokit, number: number): Promise<void> {
  const { issue_number, ...repo } = PULL;
  await octokit.request('GET /orgs/{org}/members/{username}', { org: 'acme', username: 'bob' });
  await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...repo, pull_number: issue_number });
  await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...PULL, labels: ['kind/bug'] });
  await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...PULL,
    body: `answer ${number}`,
  });
}

interface Outcome {
  seconds: number;
  requests: number;
  /** Requests that GitHub counts. */
  counted: number;
}

/** GitHub's own count of what the burst cost. */
async function measure(
  burst: number,
  start: (sandbox: Sandbox) => Promise<{ octokit: Octokit; close(): void }>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-budget-'));
  let requests = 0;
  const sandbox = await startSandbox({ dataDir: folder, port: 0, onRequest: () => void requests++ });
  const { octokit, close } = await start(sandbox);
  // The token of the installation, and what both know already.
  await octokit.request('GET /repos/{owner}/{repo}', { owner: PULL.owner, repo: PULL.repo });
  const used = async (): Promise<number> => (await octokit.request('GET /rate_limit')).data.resources.core.used;
  const before = await used();
  requests = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: burst }, (_, number) => answer(octokit, number)));
  const seconds = (performance.now() - began) / 1000;
  const outcome = { seconds, requests, counted: (await used()) - before };
  close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
  return outcome;
}

const ours = await measure(comments, async ({ apiUrl, tokens }) => {
  const auth = { appId: String(tokens.app.id), privateKey: fixedSecret(tokens.app.privateKey) };
  const github = createGitHub({ auth, endpoints: [apiUrl], log, registry: new Registry() });
  return { octokit: await github.forOrg('acme'), close: github.close };
});
const theirs = await measure(share, async ({ apiUrl, tokens }) => {
  const { id, privateKey, installationId } = tokens.app;
  const probot = new Probot({ appId: id, privateKey, baseUrl: apiUrl, Octokit: ProbotOctokit, log });
  return { octokit: await probot.auth(installationId), close: () => undefined };
});
const scale = comments / share;
const whole = { seconds: theirs.seconds * scale, requests: theirs.requests * scale, counted: theirs.counted * scale };
const reckoned = scale === 1 ? '' : `, reckoned from ${share}`;
const line = (name: string, { seconds, requests, counted }: Outcome): string =>
  `${name.padEnd(9)} ${seconds.toFixed(2).padStart(8)} s  ${requests.toFixed(0).padStart(5)} requests  ${counted.toFixed(0).padStart(5)} of the hour's budget`;
process.stdout.write(
  [
    `a burst of ${comments} comments:`,
    line('cutwater', ours),
    `${line('Probot', whole)}${reckoned}`,
    `time ${(ours.seconds / whole.seconds).toFixed(4)}, requests ${(ours.requests / whole.requests).toFixed(2)}, budget ${(ours.counted / whole.counted).toFixed(2)} of Probot's`,
    `(github.com takes 80 comments a minute, so that there a burst of ${comments} lasts ${Math.ceil(comments / 80 - 1)} min at least)`,
    '',
  ].join('\n'),
);
