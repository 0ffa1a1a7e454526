import { z } from 'zod';
import { section } from '../section.ts';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The key `managed_webhooks`: organisations and repositories with webhook secrets of their own (Prow: ManagedWebhooks). */
export const managedWebhooks = section({
  key: 'managed_webhooks',
  schema: z.object({
    respect_legacy_global_token: z.boolean().default(false),
    auto_accept_invitation: z.boolean().default(false),
    /** By `org` or `org/repo`. */
    org_repo_config: z
      .record(
        z.string(),
        z.object({
          token_created_after: z
            .string()
            .refine((text) => RFC3339.test(text) && !Number.isNaN(Date.parse(text)), 'is no RFC 3339 time')
            .optional(),
        }),
      )
      .default({}),
  }),
  finish(value, view, file) {
    for (const [place, { token_created_after: time }] of Object.entries(value.org_repo_config))
      if (time !== undefined && Date.parse(time) > view.loadedAt)
        view.problem(
          file,
          ['managed_webhooks', 'org_repo_config', place, 'token_created_after'],
          `token_created_after ${time} can be no later than current time for repo/org ${place}`,
        );
    return value;
  },
});
