import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const AppFile = z.object({
  name: z.string(),
  description: z.string(),
  url: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
  default_events: z.array(z.string()),
});
type AppFile = z.output<typeof AppFile>;

/** The App that app.yml describes, as Probot reads it. */
export function readAppFile(): AppFile {
  return AppFile.parse(parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')));
}

export interface ManifestPlaces {
  /** Where people reach this program. */
  base: string;
  /** Where GitHub sends webhooks. */
  webhookUrl: string;
}

/** What GitHub makes an App of; its pages come back to `/setup/created` with a code, and to the program after the installation. */
export function manifestFor(app: AppFile, { base, webhookUrl }: ManifestPlaces): Record<string, unknown> {
  return {
    ...app,
    hook_attributes: { url: webhookUrl, active: true },
    redirect_url: `${base}/setup/created`,
    setup_url: `${base}/`,
  };
}

/** GitHub's form for a new App of an organization, or of whoever is logged in. */
export function newAppUrl(web: string, org: string, state: string): string {
  const owner = org === '' ? '' : `/organizations/${encodeURIComponent(org)}`;
  return `${web}${owner}/settings/apps/new?state=${state}`;
}
