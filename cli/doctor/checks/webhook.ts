import type { Octokit } from '../../../core/github/octokit.ts';
import { isSignedWith, parseSignature } from '../../../core/hook/hmac.ts';
import { isLoopback } from '../../setup/webhook.ts';
import { askForApp } from '../app-page.ts';
import { type Finding, failure, ok, skipped, warning } from '../finding.ts';
import type { Check, Patient } from '../patient.ts';

const CHECK = 'webhook';
const LOOKED_AT = 50;

interface HookConfig {
  url?: string | undefined;
  content_type?: string | undefined;
  insecure_ssl?: string | number | undefined;
  secret?: string | undefined;
}

interface Attempt {
  id: number;
  status: string;
  status_code: number;
}

/** The App's webhook: where it goes, how, and whether the last deliveries arrived. */
export const webhook: Check = {
  name: CHECK,
  fix: 'mend the identity first',
  needsIdentity: true,
  async look(patient) {
    const { github, hosts, webhookSecrets } = patient;
    const secret =
      webhookSecrets.length > 0
        ? []
        : [failure(CHECK, 'no webhook secret is known, so every webhook is refused', 'name it: --hmac-secret-file')];
    if (!github.installations)
      return [
        ...secret,
        skipped(CHECK, 'the hooks of a bot account belong to organizations and repositories: look there'),
      ];
    const octokit = await github.asApp();
    const { page } = await askForApp({ github, hosts });
    const { data: config } = await octokit.request('GET /app/hook/config');
    const { data } = await octokit.request('GET /app/hook/deliveries', { per_page: LOOKED_AT });
    const attempts = data as Attempt[];
    const signed = webhookSecrets.length > 0 ? await signatureOf(octokit, attempts, webhookSecrets) : [];
    return [...secret, ...judgeConfig(config, patient, page), ...judgeDeliveries(attempts, page), ...signed];
  },
};

export function judgeConfig(
  config: HookConfig,
  { flags, hosts }: Pick<Patient, 'flags' | 'hosts'>,
  page: string,
): Finding[] {
  const url = URL.parse(config.url ?? '');
  if (!url) return [failure(CHECK, 'the App has no webhook address', `set it at ${page}`)];
  const path = flags['webhook-path'] ?? '/hook';
  const proxied = config.url === flags['webhook-proxy-url'] || url.hostname === 'smee.io';
  const found: Finding[] = [];
  if (isLoopback(url.href) && !isLoopback(hosts.web))
    found.push(
      failure(
        CHECK,
        `webhooks go to ${url.href}, which GitHub cannot reach`,
        `set another address at ${page}, or --webhook-proxy-url`,
      ),
    );
  else if (!proxied && url.pathname !== path)
    found.push(
      warning(
        CHECK,
        `webhooks go to ${url.pathname}, and this program takes them at ${path}`,
        `let the address at ${page} end in ${path}, or a proxy translate it`,
      ),
    );
  if (config.content_type !== 'json')
    found.push(
      failure(
        CHECK,
        `webhooks come as ${config.content_type}, which hook refuses`,
        `choose application/json at ${page}`,
      ),
    );
  if (!config.secret)
    found.push(
      failure(CHECK, 'the App signs its webhooks with no secret', `set the one of --hmac-secret-file at ${page}`),
    );
  if (String(config.insecure_ssl ?? 0) !== '0')
    found.push(
      warning(
        CHECK,
        'GitHub does not check the certificate of the webhook address',
        `turn SSL verification on at ${page}`,
      ),
    );
  return found.length > 0 ? found : [ok(CHECK, `webhooks go to ${url.href}`)];
}

/** What an answer to a webhook tells. Hook answers 403 where the signature is wrong. */
const CAUSES: readonly [test: (attempt: Attempt) => boolean, what: string, fix: string][] = [
  [
    ({ status_code: code }) => code === 403,
    'were refused',
    'the secret of the App is not the one of --hmac-secret-file: set the same on both sides',
  ],
  [
    ({ status_code: code }) => code === 404 || code === 405,
    'went to an address where nothing takes them',
    'let the webhook address end in /hook (--webhook-path)',
  ],
  [
    ({ status_code: code }) => code >= 500 && code !== 502 && code !== 504,
    'could not be kept',
    "look at this program's log: the disk may be full",
  ],
  [
    () => true,
    'did not reach this program',
    'check DNS, certificate and firewall of the webhook address, and that the program runs',
  ],
];

export function judgeDeliveries(attempts: readonly Attempt[], page: string): Finding[] {
  if (attempts.length === 0)
    return [
      warning(
        'deliveries',
        'GitHub has delivered nothing lately',
        'install the App on a repository and write a comment there',
      ),
    ];
  const failed = attempts.filter(({ status_code: code }) => code < 200 || code >= 300);
  const [newest] = attempts;
  if (failed.length === 0) return [ok('deliveries', `the last ${attempts.length} arrived`)];
  const byCause = Map.groupBy(failed, (attempt) => CAUSES.find(([test]) => test(attempt)) ?? CAUSES[0]);
  const level = newest && failed.includes(newest) ? failure : warning;
  return [...byCause].map(([cause, those]) => {
    const [, what = '', fix = ''] = cause ?? [];
    const example = those[0] ? ` (${those[0].status_code} ${those[0].status})` : '';
    return level(
      'deliveries',
      `${those.length} of the last ${attempts.length} deliveries ${what}${example}`,
      `${fix}; see ${page}/advanced`,
    );
  });
}

/** Whether the newest delivery was signed with a secret of ours. GitHub shows the payload parsed, which is nearly always its text again. */
async function signatureOf(
  octokit: Octokit,
  [newest]: readonly Attempt[],
  secrets: readonly string[],
): Promise<Finding[]> {
  if (!newest) return [];
  const { data } = await octokit.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id: newest.id });
  const { headers, payload } = data.request;
  const signature = parseSignature(String((headers as Record<string, unknown> | null)?.['X-Hub-Signature-256'] ?? ''));
  if (!signature) return [];
  const body = Buffer.from(JSON.stringify(payload));
  return secrets.some((secret) => isSignedWith(secret, body, signature))
    ? [ok('webhook secret', 'the newest delivery is signed with it')]
    : [];
}
