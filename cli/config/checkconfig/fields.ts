import { readMaybeGzip } from '../../../core/config/files.ts';
import { goUrlProblem } from '../../../core/config/go-url.ts';
import { duplicateKeys } from '../../../core/config/position.ts';
import { managedWebhooks } from '../../../core/config/sections/managed-webhooks.ts';
import { statusErrorLink } from '../../../core/config/sections/process.ts';
import { tide } from '../../../tide/policy/config.ts';
import type { Check, Checked, Finding } from './check.ts';
import { PROW_PLUGIN_KEYS } from './prow-plugins.ts';

/** The files whose keys are looked at. Job files hold pods of every kind, and are looked at only where that is asked for, as in Prow. */
function filesToRead({ config, files, everyFile }: Checked): string[] {
  const main = [files.configPath, ...(files.pluginConfig ? [files.pluginConfig] : [])];
  return everyFile ? [...new Set([...main, ...config.files])] : main;
}

function fieldFindings(checked: Checked): Finding[] {
  const wanted = filesToRead(checked);
  const unknown = checked.config.unknownKeys.filter(
    ({ file, path: [key, ...below] }) =>
      wanted.includes(file) && !(below.length === 0 && PROW_PLUGIN_KEYS.has(String(key))),
  );
  return [
    ...unknown.map((at) => ({ message: 'unknown key', at })),
    ...wanted.flatMap((file) =>
      duplicateKeys(readMaybeGzip(file).toString('utf8')).map(({ line, column }) => ({
        message: `${file}:${line}:${column}: this key stands here twice, and the last one counts`,
      })),
    ),
  ];
}

function urlFindings({ config, files }: Checked): Finding[] {
  const link = config.get(statusErrorLink);
  if (!goUrlProblem(link)) return [];
  const at = { file: files.configPath, path: ['status_error_link'] };
  return [{ message: `status_error_link is not a valid url: ${link}`, at }];
}

function webhookFindings({ config, files }: Checked): Finding[] {
  const places = Object.keys(config.get(managedWebhooks).org_repo_config);
  return places
    .filter((place) => place.includes('/') && places.includes(place.split('/')[0] ?? ''))
    .map((place) => ({
      message: `org-level and repo-level webhooks are configured together for "${place}", which is not allowed as there will be duplicated webhook events`,
      at: { file: files.configPath, path: ['managed_webhooks', 'org_repo_config', place] },
    }));
}

async function installationFindings({ config, remote }: Checked): Promise<Finding[]> {
  const installed = new Set(await remote.installations());
  const orgs = new Set(
    config.get(tide).queries.flatMap(({ repos = [] }) => repos.map((repo) => repo.split('/')[0] ?? '')),
  );
  return [...orgs]
    .filter((org) => !installed.has(org))
    .sort()
    .map((org) => ({
      message: `There is configuration for the GitHub org "${org}" but the GitHub app is not installed there`,
    }));
}

/** What is odd about the files, and about how GitHub reaches us. */
export const fieldChecks: readonly Check[] = [
  { name: 'managed-webhooks', when: 'default', run: webhookFindings },
  { name: 'validate-urls', plugins: true, when: 'default', run: urlFindings },
  { name: 'unknown-fields', when: 'default', run: fieldFindings },
  { name: 'unknown-fields-all', when: 'optional', run: fieldFindings },
  { name: 'validate-github-app-installation', when: 'optional', run: installationFindings },
];
