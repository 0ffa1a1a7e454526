import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run as controller } from './controller.ts';
import { run as crier } from './crier.ts';
import { run as horologium } from './horologium.ts';
import { run as sinker } from './sinker.ts';

/** What Prow's components of these names take beside the flags that all have (their `-help`). */
const common = [
  '--config-path=/none/config.yaml',
  '--job-config-path=',
  '--supplemental-prow-config-dir=/none/more',
  '--supplemental-prow-configs-filename=_prowconfig.yaml',
  '--supplemental-prow-configs-filename-suffix=_prowconfig.yaml',
  '--in-repo-config-cache-size=200',
  '--cache-dir-base=',
  '--moonraker-address=',
  '--kubeconfig=',
  '--kubeconfig-dir=',
  '--kubeconfig-suffix=',
  '--projected-token-file=',
  '--no-in-cluster-config=false',
  '--metrics-port=9090',
  '--health-port=8081',
  '--pprof-port=6060',
  '--profile-memory-usage=false',
  '--memory-profile-interval=30s',
  '--dry-run=false',
];

describe("a component takes Prow's flags", () => {
  it.each([
    ['sinker', sinker, ['--run-once']],
    ['horologium', horologium, ['--timeout-listing-prowjobs=60s']],
    [
      'crier',
      crier,
      [
        '--github-workers=5',
        '--slack-workers=0',
        '--pubsub-workers=0',
        '--blob-storage-workers=1',
        '--kubernetes-blob-storage-workers=1',
        '--gerrit-workers=0',
        '--resultstore-workers=0',
        '--resultstore-artifacts-dir-only',
        '--cookiefile=',
        '--gerrit-max-qps=5',
        '--gerrit-max-burst=5',
        '--git-signing-key-path=',
        '--kubernetes-report-fraction=0.5',
        '--slack-token-file=',
        '--additional-slack-token-files=a=/none',
        '--report-agent=',
        '--gcs-credentials-file=',
        '--s3-credentials-file=',
        '--github-enabled-org=acme',
        '--github-enabled-repo=acme/site',
        '--github-disabled-org=other',
        '--github-disabled-repo=acme/old',
        '--github-host=github.com',
        '--github-endpoint=http://ghproxy',
        '--github-graphql-endpoint=http://ghproxy/graphql',
        '--github-token-path=/none',
        '--github-app-id=',
        '--github-app-private-key-path=',
        '--github-hourly-tokens=0',
        '--github-allowed-burst=0',
        '--github-throttle-org=acme:1:1',
        '--github-client.request-timeout=2m',
        '--github-client.max-retries=8',
        '--github-client.max-404-retries=2',
        '--github-client.backoff-timeout=2m',
        '--github-client.initial-delay=2s',
      ],
    ],
    [
      'controller',
      controller,
      [
        '--enable-controller=plank',
        '--enable-controller=scheduler',
        '--label-selector=team in (a, b)',
        '--tot-url=http://tot',
        '--gcs-credentials-file=/none',
        '--s3-credentials-file=/none',
        '--github-host=github.com',
        '--github-endpoint=http://ghproxy',
        '--github-endpoint=https://api.github.com',
        '--github-graphql-endpoint=http://ghproxy/graphql',
        '--github-app-id=1',
        '--github-app-private-key-path=/none',
        '--github-hourly-tokens=0',
        '--github-allowed-burst=0',
        '--github-throttle-org=acme:1:1',
        '--github-client.request-timeout=2m',
        '--github-client.max-retries=8',
        '--github-client.max-404-retries=2',
        '--github-client.backoff-timeout=2m',
        '--github-client.initial-delay=2s',
        '--git-signing-key-path=',
      ],
    ],
  ])('%s', async (_, run, flags) => {
    // What comes after the flags is the configuration, and there is none.
    await expect(run([...common, ...flags])).rejects.toThrow(/^\/none\/config\.yaml: ENOENT/m);
  });

  it('and says which file of the kubeconfig it cannot read, instead of waiting for it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cutwater-flags-'));
    const cluster = `{ server: "https://127.0.0.1:1", certificate-authority: ca.crt }`;
    const kubeconfig = `current-context: a\nclusters: [{ name: a, cluster: ${cluster} }]\ncontexts: [{ name: a, context: { cluster: a } }]`;
    await writeFile(join(dir, 'config.yaml'), '{}');
    await writeFile(join(dir, 'kubeconfig'), kubeconfig);
    const running = sinker([`--config-path=${join(dir, 'config.yaml')}`, `--kubeconfig=${join(dir, 'kubeconfig')}`]);
    await expect(running).rejects.toThrow(`${join(dir, 'ca.crt')}: ENOENT`);
    await rm(dir, { recursive: true });
  });

  it.each([
    ['--gerrit-workers=1', /--gerrit-workers: nothing here reports to Gerrit: keep Prow's crier for it/],
    ['--resultstore-workers=2', /--resultstore-workers: nothing here reports to ResultStore: keep Prow's crier/],
    ['--report-agent=moon', /--report-agent: "moon" is none of/],
  ])('crier refuses %s', async (flag, message) => {
    await expect(Promise.resolve().then(() => crier(['--github-workers=1', flag]))).rejects.toThrow(message);
  });

  it.each([
    [['--label-selector=a in b'], /--label-selector: unable to parse requirement "a in b"/],
    [['--enable-controller=moon'], /--enable-controller: there is no controller "moon"/],
    [['--config-path='], /--config-path is needed/],
    [['--metrics-port=x'], /--metrics-port: "x" is no whole number/],
    [['--moon'], /unknown flag --moon/],
    [['--github-app-id=1'], /--github-app-id and --github-app-private-key-path must be set together/],
    [['--dry-run', 'true', '--config-path=/none'], /unexpected argument "true": .*--name=false/],
  ])('and refuses %s', async (flags, message) => {
    await expect(Promise.resolve().then(() => controller(flags))).rejects.toThrow(message);
  });
});
