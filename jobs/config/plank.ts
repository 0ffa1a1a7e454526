import { z } from 'zod';
import { goDuration } from '../../core/config/duration-decoder.ts';
import { url } from '../../core/config/schema.ts';
import { type Combining, section } from '../../core/config/section.ts';
import { parseTemplate, type Template } from '../../core/config/template/template.ts';
import { withDecoder } from '../../core/config/zod-decoder.ts';
import { messageOf } from '../../core/errors.ts';
import type { DecorationConfig } from '../api/decoration.ts';
import { withDefaults } from './decoration.ts';
import { jobTypes } from './job-types.ts';
import { appliesTo, type JobFilter } from './matching.ts';

/** A duration that is kept as Go prints it. */
function goText(fallback: string) {
  return withDecoder(z.string().default(fallback), goDuration(false));
}

const DecorationSchema = withDecoder(
  z.custom<DecorationConfig>().meta({ goType: 'DecorationConfig' }),
  jobTypes.decoder('DecorationConfig'),
);

const DecorationEntry = z.object({
  repo: z.string().optional(),
  cluster: z.string().optional(),
  config: DecorationSchema.optional(),
});

/** What plank and jenkins_operators share (Prow: Controller). */
export const ControllerSchema = z.object({
  job_url_template: z.string().default(''),
  report_template: z.string().default(''),
  report_templates: z.record(z.string(), z.string()).optional(),
  max_concurrency: z.int().min(0, 'needs to be a non-negative number').default(0),
  max_goroutines: z.int().min(0, 'needs to be a positive number').default(0),
});

const PlankSchema = ControllerSchema.extend({
  pod_pending_timeout: goText('10m0s'),
  pod_running_timeout: goText('48h0m0s'),
  pod_unscheduled_timeout: goText('5m0s'),
  max_revivals: z.int().default(3),
  default_decoration_configs: z.record(z.string(), DecorationSchema).default({}),
  default_decoration_config_entries: z.array(DecorationEntry).default([]),
  job_url_prefix_config: z.record(z.string(), url()).default({}),
  jobURLPrefixDisableAppendStorageProvider: z.boolean().default(false),
  build_cluster_status_file: z.string().default(''),
  job_queue_capacities: z.record(z.string(), z.int()).default({}),
});

/** Durations are Go's text; templates are compiled. */
export interface Plank extends Omit<z.output<typeof PlankSchema>, 'report_templates'> {
  report_templates: Record<string, string>;
  jobUrl: Template;
  /** By `*`, `org` or `org/repo`. */
  reports: ReadonlyMap<string, Template>;
  /** In the order in which they apply. */
  decorationEntries: readonly (JobFilter & { config?: DecorationConfig | undefined })[];
}

/**
 * Jobs looked at side by side. Most of the time each waits for the API server: with 20 a busy one had 42 pods created a second, with 64 it had 100.
 * (Prow's default is 20, and its controller has ten workers whatever is set.)
 */
const WORKERS = 64;

export const plank = section({ key: 'plank', schema: PlankSchema, finish: finishPlank });

function finishPlank(value: z.output<typeof PlankSchema>, view: Combining, file: string): Plank {
  const refuse = (key: string, message: string) => view.problem(file, ['plank', key], message);
  const templates = value.report_templates ?? {};
  if (value.report_template && Object.keys(templates).length > 0)
    refuse('report_template', 'both report_template and report_templates are specified');
  const report_templates = value.report_template ? { '*': value.report_template } : templates;
  const mapped = Object.keys(value.default_decoration_configs).length > 0;
  if (mapped && value.default_decoration_config_entries.length > 0)
    refuse(
      'default_decoration_config_entries',
      'mutually exclusive with default_decoration_configs, please use one or the other',
    );
  return {
    ...value,
    report_templates,
    max_goroutines: value.max_goroutines || WORKERS,
    jobUrl: compile('JobURL', value.job_url_template, (text) => refuse('job_url_template', text)),
    reports: new Map(
      Object.entries(report_templates).map(([key, text]) => [
        key,
        compile('Report', text, (message) => refuse('report_templates', `${key}: ${message}`)),
      ]),
    ),
    decorationEntries: mapped ? entriesOf(value.default_decoration_configs) : value.default_decoration_config_entries,
  };
}

function compile(name: string, text: string, refuse: (message: string) => void): Template {
  try {
    return parseTemplate(name, text);
  } catch (error) {
    refuse(messageOf(error));
    return parseTemplate(name, '');
  }
}

/** The older map: `*` first, then organisations, then repositories. */
function entriesOf(configs: Record<string, DecorationConfig>): (JobFilter & { config: DecorationConfig })[] {
  const rank = (key: string) => (key === '*' ? 0 : key.includes('/') ? 2 : 1);
  return Object.entries(configs)
    .map(([repo, config]) => ({ repo, config }))
    .sort((a, b) => rank(a.repo) - rank(b.repo));
}

/** The decoration of jobs of `repo` on `cluster` that say nothing themselves (Prow: GuessDefaultDecorationConfig). */
export function defaultDecoration(
  { decorationEntries }: Plank,
  repo: string,
  cluster: string,
): DecorationConfig | undefined {
  return decorationEntries
    .filter((entry) => appliesTo(entry, repo, cluster))
    .reduce<DecorationConfig | undefined>((merged, { config }) => withDefaults(config, merged), undefined);
}

/** The report template of a repository: its own, its organisation's, or the general one. */
export function reportTemplateFor({ reports }: Plank, org: string, repo: string): Template | undefined {
  return reports.get(`${org}/${repo}`) ?? reports.get(org) ?? reports.get('*');
}
