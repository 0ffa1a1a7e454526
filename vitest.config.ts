import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,plugins,external-plugins,jobs,tide,deck,cli,sandbox}/**/*.test.{ts,tsx}', 'test/e2e/**/*.test.ts'],
    // Its tests are for the folder that is made of it.
    exclude: ['external-plugins/template/**'],
    // As many as there are cores: most of the time an end-to-end test waits for what it started.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As long as a test may take: how soon something comes says nothing on a machine that is busy.
    expect: { poll: { timeout: 50_000 } },
    unstubEnvs: true,
  },
});
