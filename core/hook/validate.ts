import type { IncomingMessage } from 'node:http';
import { readBody } from './body.ts';
import { type HmacSecrets, isSignedWith, parseSignature } from './hmac.ts';

/** A webhook that GitHub signed. `body` is the payload's JSON. */
export interface ValidWebhook {
  event: string;
  delivery: string;
  payload: Buffer;
  body: Record<string, unknown>;
}

export interface Refusal {
  status: number;
  text: string;
}

function refuse(status: number, text: string): Refusal {
  return { status, text };
}

function header(request: IncomingMessage, name: string): string {
  return request.headers[name]?.toString() ?? '';
}

/** Prow's checks of the headers, in Prow's order (Prow: pkg/github/webhooks.go). */
function checkHeaders(request: IncomingMessage): Refusal | undefined {
  if (request.method !== 'POST') return refuse(405, '405 Method not allowed');
  if (!header(request, 'x-github-event')) return refuse(400, '400 Bad Request: Missing X-GitHub-Event Header');
  if (!header(request, 'x-github-delivery')) return refuse(400, '400 Bad Request: Missing X-GitHub-Delivery Header');
  if (!header(request, 'x-hub-signature-256')) return refuse(403, '403 Forbidden: Missing X-Hub-Signature-256');
  if (header(request, 'content-type') === 'application/json') return undefined;
  return refuse(
    400,
    '400 Bad Request: Hook only accepts content-type: application/json - please reconfigure this hook on GitHub',
  );
}

/**
 * Takes a delivery in: header checks, body, signature. Unlike Prow nothing of an unsigned body is parsed, as 25 MB of brackets cost a gigabyte; a
 * signature that no secret made is refused first, and then the secret must be one of those for the payload's repository.
 */
export async function validateWebhook(
  request: IncomingMessage,
  secrets: HmacSecrets,
  limit?: number,
): Promise<ValidWebhook | Refusal> {
  const refusal = checkHeaders(request);
  if (refusal) return refusal;
  const payload = await readBody(request, limit);
  if (payload === 'too-large') return refuse(413, '413 Request Entity Too Large: a webhook has at most 25 MB');
  if (payload === 'broken') return refuse(500, '500 Internal Server Error: Failed to read request body');
  const checked = checkSignature(payload, header(request, 'x-hub-signature-256'), secrets);
  if (typeof checked === 'string') return refuse(403, `403 Forbidden: Invalid X-Hub-Signature-256 - ${checked}`);
  return {
    event: header(request, 'x-github-event'),
    delivery: header(request, 'x-github-delivery'),
    payload,
    body: checked,
  };
}

/** The parsed payload, or why its signature does not hold. */
function checkSignature(
  payload: Buffer,
  signatureHeader: string,
  secrets: HmacSecrets,
): Record<string, unknown> | string {
  const signature = parseSignature(signatureHeader);
  if (!signature) return 'invalid signature';
  const matching = secrets.all.filter((secret) => isSignedWith(secret, payload, signature));
  if (matching.length === 0) return 'misconfigured webhook secret';
  const body = parseObject(payload);
  if (!body) return 'invalid payload';
  const orgRepo = orgRepoOf(body);
  const valid = secrets.of(orgRepo);
  if (!valid) return 'failed to get an appropriate hmac secret';
  if (matching.some((secret) => valid.includes(secret))) return body;
  return `misconfigured webhook secret from organization/repo: ${orgRepo}`;
}

function parseObject(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The repository that an event is about, or the organisation where it is about none. */
function orgRepoOf(body: Record<string, unknown>): string {
  const { repository, organization } = body as {
    repository?: { full_name?: unknown };
    organization?: { login?: unknown };
  };
  if (typeof repository?.full_name === 'string' && repository.full_name) return repository.full_name;
  return typeof organization?.login === 'string' ? organization.login : '';
}
