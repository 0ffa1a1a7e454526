import type { FlagValues } from '../../core/flags.ts';
import { createStorage, type Storage } from '../../core/storage/index.ts';
import type { storageFlags } from './flags.ts';

/** Storage with the credentials that flags name. */
export function openStorage(flags: FlagValues<typeof storageFlags>): Storage {
  return createStorage({
    gcsCredentialsFile: flags['gcs-credentials-file'],
    s3CredentialsFile: flags['s3-credentials-file'],
  });
}
