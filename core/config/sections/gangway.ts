import { z } from 'zod';
import { type Combining, section } from '../section.ts';

const Gangway = z.object({
  allowed_api_clients: z
    .array(
      z.object({
        gcp: z
          .object({
            endpoint_api_consumer_type: z.string().default(''),
            endpoint_api_consumer_number: z.string().default(''),
          })
          .optional(),
        allowed_jobs_filters: z.array(z.object({ tenant_id: z.string().default('') })).default([]),
      }),
    )
    .default([]),
});
type Client = z.output<typeof Gangway>['allowed_api_clients'][number];

/** The key `gangway`: who may start which jobs through the API (Prow: pkg/config/gangway.go). */
export const gangway = section({
  key: 'gangway',
  schema: Gangway,
  finish(value, view, file) {
    const seen = new Set<string>();
    for (const [index, client] of value.allowed_api_clients.entries()) {
      refuse(view, file, index, clientProblem(client));
      const id = `gcp-${client.gcp?.endpoint_api_consumer_type}-${client.gcp?.endpoint_api_consumer_number}`;
      if (seen.has(id)) refuse(view, file, index, `AllowedApiClient "${id}" declared multiple times`);
      seen.add(id);
    }
    return value;
  },
});

function refuse(view: Combining, file: string, index: number, message: string | undefined): void {
  if (message) view.problem(file, ['gangway', 'allowed_api_clients', index], message);
}

function clientProblem({ gcp, allowed_jobs_filters }: Client): string | undefined {
  if (!gcp) return 'allowedApiClient did not have a cloud vendor set';
  const { endpoint_api_consumer_type: type, endpoint_api_consumer_number: number } = gcp;
  if (type !== 'PROJECT') return `unsupported GCP API consumer type: ${JSON.stringify(type)}`;
  if (!/^[0-9]+$/.test(number)) return `invalid EndpointApiConsumerNumber: ${JSON.stringify(number)}`;
  if (allowed_jobs_filters.length === 0) return 'allowed_jobs_filters field cannot be empty';
  const open = allowed_jobs_filters.some(({ tenant_id }) => tenant_id === '');
  return open ? 'AllowedJobsFilters entry has an empty tenant_id' : undefined;
}
