import { z } from 'zod';
import { section } from '../../core/config/section.ts';
import { parseTemplate, type Template } from '../../core/config/template/template.ts';
import { messageOf } from '../../core/errors.ts';
import { type LabelSelector, parseLabelSelector } from '../../core/kube/label-selector.ts';
import { ControllerSchema } from './plank.ts';

const JenkinsOperators = z.array(ControllerSchema.extend({ label_selector: z.string().default('') }));
type RawOperator = z.output<typeof JenkinsOperators>[number];

/** One Jenkins controller: templates compiled, its jobs chosen by their labels. */
export interface JenkinsOperator extends RawOperator {
  jobUrl: Template;
  reports: ReadonlyMap<string, Template>;
  selector: LabelSelector;
}

/** The key `jenkins_operators` (Prow: JenkinsOperator). */
export const jenkinsOperators = section({
  key: 'jenkins_operators',
  schema: JenkinsOperators.default([]),
  finish: (operators, view, file) =>
    operators.map((operator, index): JenkinsOperator => {
      const refuse = (key: string, message: string) => view.problem(file, ['jenkins_operators', index, key], message);
      checkSelectors(operators, operator, refuse);
      return finished(operator, refuse);
    }),
});

type Refuse = (key: string, message: string) => void;

function checkSelectors(operators: readonly RawOperator[], { label_selector }: RawOperator, refuse: Refuse): void {
  if (operators.length > 1 && !label_selector)
    refuse('label_selector', 'selector overlap: cannot use an empty label_selector with multiple selectors');
  if (operators.length === 1 && label_selector)
    refuse('label_selector', 'label_selector is invalid when used for a single jenkins-operator');
}

function finished(operator: RawOperator, refuse: Refuse): JenkinsOperator {
  const { report_template, report_templates = {} } = operator;
  if (report_template && Object.keys(report_templates).length > 0)
    refuse('report_template', 'both report_template and report_templates are specified');
  const reports = report_template ? { '*': report_template } : report_templates;
  return {
    ...operator,
    max_goroutines: operator.max_goroutines || 20,
    jobUrl: attempt(refuse, 'job_url_template', operator.job_url_template, (text) =>
      parseTemplate('JobURL', text, { replace: (from, to, text) => String(text).replaceAll(String(from), String(to)) }),
    ),
    reports: new Map(
      Object.entries(reports).map(([place, text]) => [
        place,
        attempt(refuse, 'report_templates', text, (source) => parseTemplate('Report', source)),
      ]),
    ),
    selector: attempt(refuse, 'label_selector', operator.label_selector, parseLabelSelector),
  };
}

/** What `read` makes of `text`; where it refuses, that is told and nothing is read instead. */
function attempt<T>(refuse: Refuse, key: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    refuse(key, messageOf(error));
    return read('');
  }
}

/** The key `pipeline`, for jobs with a Tekton agent (Prow: Pipeline). */
export const pipeline = section({
  key: 'pipeline',
  schema: z.object({ allow_concurrent_postsubmit_jobs: z.boolean().default(false) }),
});
