import { CutwaterError } from '../../core/errors.ts';
import { choiceFlag, type Flag, type FlagValues, listFlag, stringFlag } from '../../core/flags.ts';
import { storageFlags } from './flags.ts';

/** Slack, for job reports and for plugins. */
export const slackFlags = {
  'slack-token-file': stringFlag('a file with the token of a Slack app', 'FILE'),
  'additional-slack-token-files': listFlag('the token of a further Slack host; may be repeated', 'HOST=FILE'),
  'slack-api-url': stringFlag('where Slack is (https://slack.com/api)', 'URL'),
};

/** Whom crier tells, and how (Prow: cmd/crier/main.go). */
export const reportFlags = {
  ...storageFlags,
  ...slackFlags,
  'report-agent': choiceFlag(
    'report only jobs of this agent on GitHub and Slack',
    ['kubernetes', 'jenkins', 'tekton-pipeline'],
    undefined,
  ),
  'kubernetes-report-fraction': fractionFlag('the share of jobs whose podinfo.json is written', 1),
};
export type ReportFlags = FlagValues<typeof reportFlags>;

function fractionFlag(help: string, initial: number): Flag<number> {
  return {
    help: `${help} (${initial})`,
    initial,
    value: '0…1',
    read(text) {
      const fraction = Number(text);
      if (text.trim() !== '' && fraction >= 0 && fraction <= 1) return fraction;
      throw new CutwaterError('usage', `${JSON.stringify(text)} is no number between 0 and 1`);
    },
  };
}
