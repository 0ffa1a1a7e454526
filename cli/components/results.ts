import type { Config } from '../../core/config/config.ts';
import type { FlagValues } from '../../core/flags.ts';
import type { Storage } from '../../core/storage/index.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import { defaultDecoration, plank } from '../../jobs/config/plank.ts';
import { folderOf } from '../../jobs/report/storage/destination.ts';
import type { storageFlags } from './flags.ts';
import { localStorage, withLocalStorage } from './local-artifacts.ts';
import { openStorage } from './storage.ts';

/** Where the results of jobs are kept. */
export interface Results {
  storage: Storage;
  /** The folder of a run, where it has one. */
  folder(job: ProwJob): string | undefined;
}

export interface ResultsOptions {
  flags: FlagValues<typeof storageFlags>;
  config(): Config;
  /** Where jobs on this machine keep theirs. */
  outputDir?: string | undefined;
}

export function openResults({ flags, config, outputDir }: ResultsOptions): Results {
  return {
    storage: openStorage(flags),
    folder: (job) =>
      outputDir
        ? folderOf(withLocalStorage(job, outputDir), (...at) => localStorage(defaultOf(config(), ...at), outputDir))
        : folderOf(job, (...at) => defaultOf(config(), ...at)),
  };
}

function defaultOf(config: Config, repo: string, cluster: string) {
  return defaultDecoration(config.get(plank), repo, cluster)?.gcs_configuration;
}
