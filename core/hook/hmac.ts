import { createHmac, timingSafeEqual } from 'node:crypto';
import { load } from 'js-yaml';
import { z } from 'zod';
import { censor } from '../log.ts';

const HmacsByRepo = z.record(z.string(), z.array(z.object({ value: z.string() })).nullable());

/**
 * The valid webhook secrets. Prow's file is either one secret, or YAML of `org/repo`, `org` or `*` with a list of `{value, created_at}`, all of which
 * are valid, so that a secret can be rotated (Prow: pkg/github/hmac.go).
 */
export interface HmacSecrets {
  /** Every distinct secret there is. */
  all: readonly string[];
  /** Those for one repository or organisation: only the most specific entry counts. `undefined`: none is configured. */
  of(orgRepo: string): readonly string[] | undefined;
}

/** Reads the text of the secret file; what is not such YAML is one secret for everything. An empty secret is none: everybody could sign with it. */
export function parseHmacSecrets(text: string): HmacSecrets {
  const lists = parseLists(text);
  if (!lists) return text === '' ? { all: [], of: () => undefined } : { all: [text], of: () => [text] };
  const all = [...new Set([...lists.values()].flat())];
  for (const value of all) censor(value);
  return {
    all,
    of: (orgRepo) => lists.get(orgRepo) ?? lists.get(orgRepo.split('/')[0] ?? '') ?? lists.get('*'),
  };
}

function parseLists(text: string): Map<string, string[]> | undefined {
  let document: unknown;
  try {
    document = load(text);
  } catch {
    return undefined;
  }
  const parsed = HmacsByRepo.safeParse(document);
  if (!parsed.success) return undefined;
  return new Map(
    Object.entries(parsed.data).map(([key, list]) => [key, (list ?? []).map(({ value }) => value).filter(Boolean)]),
  );
}

/** The header's digest, or `undefined` where it is not `sha256=` and 64 hexadecimal digits. */
export function parseSignature(header: string): Buffer | undefined {
  const hex = /^sha256=([0-9a-fA-F]{64})$/.exec(header)?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

/** Whether `secret` made `signature` over `payload`; takes the same time whatever the answer. */
export function isSignedWith(secret: string, payload: Buffer, signature: Buffer): boolean {
  return timingSafeEqual(createHmac('sha256', secret).update(payload).digest(), signature);
}

/** The `X-Hub-Signature-256` header for `payload`. */
export function signatureOf(payload: Buffer | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`;
}
