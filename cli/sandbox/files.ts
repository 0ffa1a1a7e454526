import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A secret that is made once and then stays, in a file that only its owner reads. */
export function kept(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Writes the private key of the sandbox's App where a bot finds it; hands back the path. */
export function writeAppKey(folder: string, privateKey: string): string {
  const file = path.join(folder, 'sandbox-app.pem');
  writeFileSync(file, privateKey, { mode: 0o600 });
  return file;
}

/** Writes the token of the bot account, for bots that are no App; hands back the path. */
export function writeToken(folder: string, token: string): string {
  const file = path.join(folder, 'sandbox-token');
  writeFileSync(file, token, { mode: 0o600 });
  return file;
}
