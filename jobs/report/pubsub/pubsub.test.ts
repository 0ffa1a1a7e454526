import { describe, expect, it } from 'vitest';
import type { ProwJob } from '../../api/prowjob.ts';
import { pubsubReporter } from './reporter.ts';

const names = { 'prow.k8s.io/pubsub.project': 'p', 'prow.k8s.io/pubsub.topic': 't', 'prow.k8s.io/pubsub.runID': 'r' };

function job(metadata: ProwJob['metadata'], url = 'https://prow/view/gs/bucket/logs/job/1'): ProwJob {
  const refs = { org: 'acme', repo: 'site' };
  const spec: ProwJob['spec'] = { type: 'periodic', job: 'nightly', extra_refs: [refs] };
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata,
    spec,
    status: { state: 'success', url, description: 'done' },
  };
}

describe('the Pub/Sub reporter', () => {
  it.each([
    { name: 'annotations', metadata: { annotations: names }, wanted: true },
    { name: 'labels', metadata: { labels: names }, wanted: true },
    { name: 'no topic', metadata: { labels: { ...names, 'prow.k8s.io/pubsub.topic': '' } }, wanted: false },
    { name: 'neither', metadata: {}, wanted: false },
  ])('is asked for by $name: $wanted', ({ metadata, wanted }) => {
    expect(pubsubReporter({ publish: async () => {}, urlPrefix: () => '' }).shouldReport(job(metadata))).toBe(wanted);
  });

  it.each([
    { url: 'https://prow/view/gs/bucket/logs/job/1', path: 'gs://bucket/logs/job/1' },
    { url: 'https://prow/view/gcs/bucket/logs/job/1', path: 'gs://bucket/logs/job/1' },
    { url: 'https://prow/view/s3/bucket/logs/job/1', path: 's3://bucket/logs/job/1' },
    { url: 'https://prow/view/bucket/logs/job/1', path: 'gs://bucket/logs/job/1' },
    { url: '', path: '' },
  ])("publishes Prow's message for $url", async ({ url, path }) => {
    const sent: unknown[] = [];
    const reporter = pubsubReporter({
      publish: async (project, topic, data) => void sent.push([project, topic, JSON.parse(data.toString())]),
      urlPrefix: () => 'https://prow/view/',
    });
    await reporter.report(job({ annotations: names }, url), new AbortController().signal);
    const message = {
      project: 'p',
      topic: 't',
      runid: 'r',
      status: 'success',
      url,
      gcs_path: path,
      refs: [{ org: 'acme', repo: 'site' }],
      job_type: 'periodic',
      job_name: 'nightly',
      message: 'done',
    };
    expect(sent).toEqual([['p', 't', message]]);
  });
});
