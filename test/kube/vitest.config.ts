import { defineConfig } from 'vitest/config';

const { KUBECONFIG, KUBEBUILDER_ASSETS, CUTWATER_IMAGES } = process.env;
const files = (...names: string[]) => names.map((name) => `test/kube/${name}.test.ts`);
const include = [
  ...(KUBECONFIG || KUBEBUILDER_ASSETS
    ? files('store', 'pods', 'resource', 'leader', 'faults', 'components', 'config-updater')
    : []),
  ...(KUBECONFIG ? files('whole') : []),
  ...(KUBECONFIG && CUTWATER_IMAGES ? files('installation', 'decorated', 'one-process') : []),
];
if (include.length === 0) console.log('test:kube: skipped: neither KUBECONFIG nor KUBEBUILDER_ASSETS is set');
if (KUBECONFIG && !CUTWATER_IMAGES)
  console.log('test:kube: skipped: the installation from deploy/, since CUTWATER_IMAGES does not name its images');

export default defineConfig({
  test: {
    include,
    passWithNoTests: include.length === 0,
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 420_000,
    expect: { poll: { timeout: 50_000 } },
  },
});
