import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../core/config/template/template.ts';
import { CutwaterError } from '../../../core/errors.ts';
import { createLogger } from '../../../core/log.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import type { GitHubReportConfig } from './config.ts';
import type { ReportComment, ReportGitHub } from './port.ts';
import { githubReporter } from './reporter.ts';

const SHA = '8d287a3aeae90fd0aef4a70009c715712ff302cd';

function presubmit(
  change: { spec?: ProwJob['spec']; status?: ProwJob['status']; name?: string; at?: string } = {},
): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name: change.name ?? 'one', creationTimestamp: change.at ?? '2026-01-01T00:00:00Z' },
    spec: {
      type: 'presubmit',
      job: 'unit',
      context: 'ci/unit',
      report: true,
      rerun_command: '/test unit',
      refs: {
        org: 'acme',
        repo: 'site',
        base_ref: 'main',
        base_sha: SHA,
        pulls: [{ number: 5, author: 'alice', sha: 'head' }],
      },
      ...change.spec,
    },
    status: {
      state: 'failure',
      completionTime: '2026-01-01T00:01:00Z',
      description: 'Job failed.',
      url: 'http://log',
      ...change.status,
    },
  };
}

class FakeGitHub implements ReportGitHub {
  statuses: unknown[] = [];
  comments: ReportComment[] = [];
  #next = 1;
  refuse: CutwaterError | undefined;
  async createStatus(org: string, repo: string, sha: string, status: object) {
    if (this.refuse) throw this.refuse;
    this.statuses.push({ at: `${org}/${repo}@${sha}`, ...status });
  }
  async listIssueComments() {
    return [...this.comments];
  }
  async createComment(_org: string, _repo: string, _pull: number, body: string) {
    this.comments.push({ id: this.#next++, author: 'cutwater[bot]', body });
  }
  async editComment(_org: string, _repo: string, id: number, body: string) {
    for (const comment of this.comments) if (comment.id === id) comment.body = body;
  }
  async deleteComment(_org: string, _repo: string, id: number) {
    this.comments = this.comments.filter((comment) => comment.id !== id);
  }
  async botName() {
    return 'cutwater';
  }
}

const CONFIG: GitHubReportConfig = {
  job_types_to_report: ['presubmit', 'postsubmit'],
  no_comment_repos: [],
  summary_comment_repos: [],
  reportTemplateFor: () => undefined,
};

function reporter(github: FakeGitHub, config: Partial<GitHubReportConfig> = {}, jobs: ProwJob[] = []) {
  return githubReporter({
    github,
    config: () => ({ ...CONFIG, ...config }),
    store: { list: async () => ({ items: jobs, resourceVersion: '1' }) },
    log: createLogger('test', 'silent'),
  });
}

const signal = new AbortController().signal;

describe('which jobs are reported', () => {
  it.each([
    { name: 'a presubmit', spec: {}, wanted: true },
    { name: 'a postsubmit', spec: { type: 'postsubmit' as const }, wanted: true },
    { name: 'a batch', spec: { type: 'batch' as const }, wanted: false },
    { name: 'a periodic', spec: { type: 'periodic' as const }, wanted: false },
    { name: 'skip_report', spec: { report: false }, wanted: false },
    { name: 'one that waits for its scheduler', spec: {}, status: { state: 'scheduling' as const }, wanted: false },
  ])('$name: $wanted', ({ spec, status, wanted }) => {
    const job = presubmit({ ...(status && { status }) });
    expect(reporter(new FakeGitHub()).shouldReport({ ...job, spec: { ...job.spec, ...spec } })).toBe(wanted);
  });
});

describe('the GitHub reporter', () => {
  it('sets the status with the base commit, and writes the comment', async () => {
    const github = new FakeGitHub();
    await reporter(github, {
      reportTemplateFor: () =>
        parseTemplate('t', 'see {{.Spec.Job}} {{with .Spec.Refs.Pulls}}{{(index . 0).Number}}{{end}}'),
    }).report(presubmit(), signal);
    expect(github.statuses).toEqual([
      {
        at: 'acme/site@head',
        context: 'ci/unit',
        state: 'failure',
        description: `Job failed.${'\u2001'.repeat(20)} BaseSHA:${SHA}`,
        targetUrl: 'http://log',
      },
    ]);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain(
      'ci/unit | head | [link](http://log) | unknown | `/test unit`\n\nsee unit 5\n',
    );
  });

  it('comes to the same result when it is repeated after a crash', async () => {
    const github = new FakeGitHub();
    await reporter(github).report(presubmit(), signal);
    const [first] = github.comments;
    await reporter(github).report(presubmit(), signal);
    expect(github.comments.map(({ body }) => body)).toEqual([first?.body]);
  });

  it("sets a postsubmit's status on the base commit and writes no comment", async () => {
    const github = new FakeGitHub();
    const refs = { org: 'acme', repo: 'site', base_ref: 'main', base_sha: SHA };
    await reporter(github).report(
      presubmit({ spec: { type: 'postsubmit', context: 'post', report: true, refs } }),
      signal,
    );
    expect(github.statuses).toMatchObject([{ at: `acme/site@${SHA}` }]);
    expect(github.comments).toEqual([]);
  });

  it.each(['acme', 'acme/site'])('writes no comment where no_comment_repos names %s', async (entry) => {
    const github = new FakeGitHub();
    await reporter(github, { no_comment_repos: [entry] }).report(presubmit(), signal);
    expect([github.statuses.length, github.comments.length]).toEqual([1, 0]);
  });

  it('leaves out the types that are not to be reported', async () => {
    const github = new FakeGitHub();
    await reporter(github, { job_types_to_report: ['postsubmit'] }).report(presubmit(), signal);
    expect([github.statuses.length, github.comments.length]).toEqual([0, 0]);
  });

  it.each([
    { code: 'not-found' as const, thrown: false },
    { code: 'invalid' as const, thrown: false },
    { code: 'transient' as const, thrown: true },
  ])('when GitHub answers $code, trying again is $thrown', async ({ code, thrown }) => {
    const github = new FakeGitHub();
    github.refuse = new CutwaterError(code, 'no');
    const outcome = reporter(github).report(presubmit(), signal);
    if (thrown) await expect(outcome).rejects.toThrow('no');
    else await expect(outcome).resolves.toHaveProperty('reported');
    expect(github.comments).toEqual([]);
  });

  it('lets two jobs of one pull request share the comment', async () => {
    const github = new FakeGitHub();
    const both = reporter(github);
    const lint = presubmit({ name: 'two' });
    lint.spec.context = 'ci/lint';
    await Promise.all([both.report(presubmit(), signal), both.report(lint, signal)]);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(/ci\/unit \|.*\nci\/lint \|/);
  });
});

describe('summary comments', () => {
  const config = { summary_comment_repos: ['acme/site'] };
  const older = presubmit({ name: 'old', at: '2025-01-01T00:00:00Z' });
  const good = (name: string, state: ProwJob['status']['state']) =>
    presubmit({ name, status: { ...(state && { state }) } });

  it.each([
    { name: 'all passed', jobs: [older, good('one', 'success')], body: '@alice: all tests **passed!**' },
    { name: 'something failed', jobs: [good('one', 'failure')], body: 'The following test **failed**' },
    { name: 'something was aborted', jobs: [good('one', 'aborted')], body: undefined },
  ])('$name', async ({ jobs, body }) => {
    const github = new FakeGitHub();
    await reporter(github, config, jobs).report(jobs.at(-1) as ProwJob, signal);
    if (body === undefined) expect(github.comments).toEqual([]);
    else expect(github.comments[0]?.body).toContain(body);
  });

  it('wait until no job of the pull request runs', async () => {
    const github = new FakeGitHub();
    const running = presubmit({ name: 'two' });
    delete running.status.completionTime;
    await reporter(github, config, [presubmit(), running]).report(presubmit(), signal);
    expect([github.statuses.length, github.comments.length]).toEqual([1, 0]);
  });
});
