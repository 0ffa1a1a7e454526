import { defineConfig } from 'vitest/config';

const { KUBECONFIG, KUBEBUILDER_ASSETS } = process.env;
const alone = ['store', 'pods', 'resource', 'leader', 'faults', 'components'].map(
  (name) => `test/kube/${name}.test.ts`,
);
const include = [
  ...(KUBECONFIG || KUBEBUILDER_ASSETS ? alone : []),
  ...(KUBECONFIG ? ['test/kube/whole.test.ts'] : []),
];
if (include.length === 0) console.log('test:kube: skipped: neither KUBECONFIG nor KUBEBUILDER_ASSETS is set');

export default defineConfig({
  test: {
    include,
    passWithNoTests: include.length === 0,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
