import { hasCode } from '../../core/errors.ts';
import { own as ownOf } from '../../core/own.ts';
import type { ProwJob } from '../api/prowjob.ts';
import { prowJobTemplateData } from '../api/template-data.ts';
import type { Plank } from '../config/plank.ts';
import { artifactPath, join, parseBucket } from './paths.ts';

/** Where a job's details are shown: below the prefix for decorated jobs, else what job_url_template says (Prow: JobURL). */
export function jobUrl(plank: Plank, job: ProwJob): string {
  const gcs = job.spec.decoration_config?.gcs_configuration;
  const prefix = gcs && jobUrlPrefix(plank, job);
  if (gcs && prefix) {
    const { provider, path } = parseBucket(gcs.bucket ?? '');
    const storage = plank.jobURLPrefixDisableAppendStorageProvider ? '' : provider;
    return below(prefix, storage, path, artifactPath(gcs, job.spec, job.status.build_id ?? ''));
  }
  try {
    return plank.jobUrl.execute(prowJobTemplateData(job));
  } catch (error) {
    // A template that does not fit this job (it asks for refs that a periodic lacks) gives no link, as in Prow.
    if (hasCode(error, 'invalid')) return '';
    throw error;
  }
}

/** The job's own prefix, its repository's, its organisation's, or the general one (Prow: GetJobURLPrefix). */
export function jobUrlPrefix({ job_url_prefix_config: prefixes }: Plank, { spec }: ProwJob): string {
  const own = spec.decoration_config?.gcs_configuration?.job_url_prefix;
  if (own) return own;
  const refs = spec.refs ?? spec.extra_refs?.[0];
  const general = prefixes['*'] ?? '';
  if (!refs?.org) return general;
  return ownOf(prefixes, `${refs.org}/${refs.repo}`) || ownOf(prefixes, refs.org) || general;
}

/** `prefix` with its path made longer; characters are escaped as Go's net/url does in paths. */
function below(prefix: string, ...parts: string[]): string {
  const [, origin = '', path = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(.*)$/i.exec(prefix) ?? [];
  const whole = join(decode(path), ...parts);
  const escaped = whole.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@]/gu, (letter) => percent(letter));
  return `${origin}${origin && !escaped.startsWith('/') ? '/' : ''}${escaped}${rest}`;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function percent(letter: string): string {
  return [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
