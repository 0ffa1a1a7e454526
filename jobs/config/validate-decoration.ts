import { goUrlProblem } from '../../core/config/go-url.ts';
import type { DecorationConfig, GCSConfiguration, UtilityImages } from '../api/decoration.ts';
import type { JobBase } from './job.ts';

const IMAGES: readonly (keyof UtilityImages)[] = ['clonerefs', 'initupload', 'entrypoint', 'sidecar'];
const TOKEN = "[-!#$%&'*+.^_`|~0-9A-Za-z]+";
const MEDIA_TYPE = new RegExp(
  `^\\s*${TOKEN}(?:/${TOKEN})?\\s*(?:;\\s*${TOKEN}\\s*=\\s*(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*")\\s*)*;?\\s*$`,
);
const STRATEGIES = ['legacy', 'explicit', 'single'];

/** What keeps a job from being decorated (Prow: validateDecoration). */
export function decorationProblem({ spec, decoration_config }: JobBase): string | undefined {
  if (!decoration_config) return undefined;
  const problem = configProblem(decoration_config);
  if (problem) return `invalid decoration config: ${problem}`;
  const mute = spec?.containers?.some(({ command = [], args = [] }) => !(command[0] ?? args[0]));
  return mute ? 'decorated job containers must specify command and/or args' : undefined;
}

/** Prow: DecorationConfig.Validate. */
function configProblem(config: DecorationConfig): string | undefined {
  const { utility_images, gcs_configuration } = config;
  if (!utility_images) return 'utility image config is not specified';
  const missing = IMAGES.filter((name) => !utility_images[name]);
  if (missing.length > 0)
    return `the following utility images are not specified: [${missing.map((name) => `"${name}"`).join(' ')}]`;
  if (!gcs_configuration) return 'GCS upload configuration is not specified';
  const gcs = gcsProblem(gcs_configuration);
  if (gcs) return `GCS configuration is invalid: ${gcs}`;
  if (config.oauth_token_secret && config.ssh_key_secrets?.length)
    return 'both OAuth token and SSH key secrets are specified';
  return undefined;
}

function gcsProblem(config: GCSConfiguration): string | undefined {
  const { bucket = '', mediaTypes = {}, path_strategy = '', default_org, default_repo } = config;
  if (goUrlProblem(bucket.includes('://') ? bucket : `gs://${bucket}`))
    return `path "${bucket}" has invalid format, expected either <bucket-name>[/<path>] or <storage-provider>://<bucket-name>[/<path>]`;
  const wrong = Object.values(mediaTypes).find((type) => !MEDIA_TYPE.test(type));
  if (wrong !== undefined) return `invalid extension media type "${wrong}"`;
  if (!STRATEGIES.includes(path_strategy)) return 'gcs_path_strategy must be one of "legacy", "explicit", or "single"';
  if (path_strategy !== 'explicit' && !(default_org && default_repo))
    return `default org and repo must be provided for GCS strategy "${path_strategy}"`;
  return undefined;
}
