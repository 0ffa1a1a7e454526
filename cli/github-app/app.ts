import { z } from 'zod';

/** A GitHub App's name and keys, as the conversion of its manifest hands them out, once. */
export const AppCredentials = z.object({
  id: z.number(),
  slug: z.string(),
  name: z.string(),
  /** The login that it belongs to. */
  owner: z.string(),
  /** Its page on GitHub. */
  url: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  privateKey: z.string(),
  webhookSecret: z.string(),
  /** The tunnel that its webhooks come through, where it was made for one. */
  webhookProxy: z.string().optional(),
});
export type AppCredentials = z.output<typeof AppCredentials>;

/** Where an App's credentials are kept. */
export interface CredentialPlace {
  /** For people: `the folder …`, `the secret …`. */
  name: string;
  /** `undefined` where there are none; a `config` error where they cannot be read. */
  load(): Promise<AppCredentials | undefined>;
  /** Keeps them; those that are there stay, and are a `conflict`. */
  save(credentials: AppCredentials): Promise<void>;
}
