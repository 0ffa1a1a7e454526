import type { GCSConfiguration } from '../../jobs/api/decoration.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { Pod } from '../../jobs/pods/backend.ts';

const VOLUME = 'local-artifacts';
const WRITERS = new Set(['initupload', 'sidecar']);

/**
 * Where jobs on this machine keep their results: in `folder`, laid out as in a bucket. A bucket that names its provider (`gs://`, `s3://`)
 * is meant; one without is not uploaded to from here, so that trying out a configuration writes nothing to its bucket.
 */
export function localStorage(config: GCSConfiguration | undefined, folder: string): GCSConfiguration {
  const bucket = config?.bucket ?? '';
  if (bucket.includes('://') || bucket.startsWith('/')) return { ...config };
  return { path_strategy: 'explicit', ...config, bucket: `file://${folder}` };
}

/** The job with its results kept in `folder`. A job that is not decorated writes none itself. */
export function withLocalStorage(job: ProwJob, folder: string): ProwJob {
  const { decoration_config } = job.spec;
  if (!decoration_config) return job;
  const gcs_configuration = localStorage(decoration_config.gcs_configuration, folder);
  return { ...job, spec: { ...job.spec, decoration_config: { ...decoration_config, gcs_configuration } } };
}

/** The pod with `folder` mounted, under its own path, where results are written. */
export function withFolderMounted(pod: Pod, folder: string): Pod {
  const { containers, initContainers = [], volumes = [] } = pod.spec;
  const mount = { name: VOLUME, mountPath: folder };
  const mounted = <C extends (typeof containers)[number]>(container: C): C =>
    WRITERS.has(container.name)
      ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] }
      : container;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      volumes: [...volumes, { name: VOLUME, hostPath: { path: folder } }],
      initContainers: initContainers.map(mounted),
      containers: containers.map(mounted),
    },
  };
}
