import { posix } from 'node:path';
import { bucketUrl } from '../../../core/storage/index.ts';
import type { JobSpec } from '../../artifacts/job-spec.ts';
import { aliasPath, latestBuildPaths, pathForRun } from '../../artifacts/paths.ts';
import type { UploadTarget } from '../../artifacts/upload.ts';
import type { UploadOptions } from './options.ts';

/** Where one run's files go, and the objects that lead there. */
export interface Destination {
  /** The path in storage of a file of the run. */
  path(name: string): string;
  /** The alias and the latest-build files; a local output folder has none (Prow: gcsupload.assembleTargets). */
  indexes: UploadTarget[];
}

/** The destination that the options and the job's spec ask for. */
export function destinationFor(options: UploadOptions, spec: JobSpec): Destination {
  const local = options.local_output_dir;
  if (local) return { path: (name) => posix.join(local, name), indexes: [] };
  const bucket = bucketUrl(options.bucket ?? '');
  const run = pathForRun(options, spec);
  const folder = options.sub_dir ? posix.join(run, options.sub_dir) : run;
  const contentType = 'text/plain; charset=utf-8';
  const alias = aliasPath(spec);
  const link = `${bucket}/${run}`;
  return {
    path: (name) => `${bucket}/${posix.join(folder, name)}`,
    indexes: [
      ...(alias
        ? [
            {
              path: `${bucket}/${alias}`,
              sources: [link] as const,
              attributes: { contentType, metadata: { 'x-goog-meta-link': link } },
            },
          ]
        : []),
      ...latestBuildPaths(options, spec).map((path) => ({
        path: `${bucket}/${path}`,
        sources: [spec.buildid ?? ''] as const,
        attributes: { contentType },
      })),
    ],
  };
}
