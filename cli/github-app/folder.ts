import { mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { AppCredentials, type CredentialPlace } from './app.ts';

/** Its files stand alone, so that flags of Prow's can name them: --github-app-private-key-path, --hmac-secret-file. */
const FILES = {
  privateKey: 'private-key.pem',
  webhookSecret: 'webhook-secret',
  clientSecret: 'client-secret',
} as const;
const FACTS = 'app.json';

/** Credentials in `github-app/` of the data folder: files that only their owner reads, all of them there or none. */
export function credentialFolder(dataDir: string): CredentialPlace {
  const folder = path.join(dataDir, 'github-app');
  return {
    name: `the folder ${folder}`,
    load: () => load(folder),
    save: (credentials) => save(dataDir, folder, credentials),
  };
}

async function load(folder: string): Promise<AppCredentials | undefined> {
  const file = (name: string): string => path.join(folder, name);
  let text: string;
  try {
    text = await readFile(file(FACTS), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(folder, error);
  }
  try {
    const secrets = Object.entries(FILES).map(async ([key, name]) => [
      key,
      (await readFile(file(name), 'utf8')).trim(),
    ]);
    return AppCredentials.parse({ ...JSON.parse(text), ...Object.fromEntries(await Promise.all(secrets)) });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, error: unknown): CutwaterError {
  return new CutwaterError('config', `cannot read the GitHub App's credentials in ${folder}: ${messageOf(error)}`, {
    cause: error,
  });
}

/** Written aside, synced and renamed: a program that is killed meanwhile leaves nothing half. */
async function save(dataDir: string, folder: string, credentials: AppCredentials): Promise<void> {
  if (await load(folder)) throw new CutwaterError('conflict', `${folder} holds a GitHub App's credentials already`);
  const { privateKey, webhookSecret, clientSecret, ...facts } = credentials;
  const secrets = { privateKey, webhookSecret, clientSecret };
  const aside = await mkdtemp(path.join(dataDir, 'github-app-'));
  try {
    for (const [key, name] of Object.entries(FILES))
      await write(path.join(aside, name), `${secrets[key as keyof typeof secrets].trim()}\n`);
    await write(path.join(aside, FACTS), `${JSON.stringify(facts, undefined, 2)}\n`);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw new CutwaterError('config', `cannot keep the GitHub App's credentials in ${folder}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function write(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
