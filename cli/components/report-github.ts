import type { Config } from '../../core/config/config.ts';
import type { GitHub } from '../../core/github/github.ts';
import { asSpender } from '../../core/github/spender.ts';
import { corePorts, type Target } from '../../core/ports/index.ts';
import { plank, reportTemplateFor } from '../../jobs/config/plank.ts';
import type { GitHubReportConfig } from '../../jobs/report/github/config.ts';
import type { ReportGitHub } from '../../jobs/report/github/port.ts';
import { githubReporterConfig } from '../../jobs/report/github/section.ts';

const { comments, statuses } = corePorts;

/** What the GitHub reporter asks of GitHub, through the calls that plugins use too. */
export function reportGitHub(github: Pick<GitHub, 'forOrg' | 'botLogin'>): ReportGitHub {
  async function on<T>(at: Target, ask: (client: Awaited<ReturnType<GitHub['forOrg']>>) => Promise<T>): Promise<T> {
    const spender = { plugin: 'crier', repo: `${at.org}/${at.repo}`, priority: 'report' as const };
    return asSpender(spender, async () => ask(await github.forOrg(at.org)));
  }
  return {
    createStatus(org, repo, sha, { targetUrl, ...status }) {
      const at = { org, repo };
      return on(at, (gh) => statuses.calls.set.run(gh, at, sha, { ...status, url: targetUrl }));
    },
    listIssueComments(org, repo, number) {
      const at = { org, repo, number };
      return on(at, (gh) => comments.calls.list.run(gh, at));
    },
    async createComment(org, repo, number, body) {
      const at = { org, repo, number };
      await on(at, (gh) => comments.calls.create.run(gh, at, body));
    },
    editComment(org, repo, id, body) {
      const at = { org, repo };
      return on(at, (gh) => comments.calls.edit.run(gh, at, id, body));
    },
    deleteComment(org, repo, id) {
      const at = { org, repo };
      return on(at, (gh) => comments.calls.delete.run(gh, at, id));
    },
    botName: () => github.botLogin(),
  };
}

/** The reporter's part of the configuration as it stands. */
export function githubReportConfig(config: Config): GitHubReportConfig {
  return {
    ...config.get(githubReporterConfig),
    reportTemplateFor: (org, repo) => reportTemplateFor(config.get(plank), org, repo),
  };
}
