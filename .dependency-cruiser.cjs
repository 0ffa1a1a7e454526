// The import rules of docs/design.md: who may know whom.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only itself and ${allowed.join(', ') || 'nothing of ours'}`,
  // Tests may set the stage with whatever they need.
  from: { path: `^${from}/`, pathNot: '\\.test\\.ts$|/testing|^external-plugins/kit/' },
  to: {
    path: '^(core|plugins|external-plugins|jobs|tide|deck|cli|sandbox)/',
    pathNot: [from, ...allowed].map((folder) => `^${folder}/`),
  },
});

module.exports = {
  forbidden: [
    only('core-knows-nobody', 'core', []),
    only('jobs-know-core', 'jobs', ['core']),
    only('tide-knows-core-and-the-job-api', 'tide', ['core', 'jobs/api']),
    only('deck-knows-core-and-the-job-api', 'deck', ['core', 'jobs/api']),
    only('sandbox-is-an-outsider', 'sandbox', []),
    only('plugins-know-the-contract', 'plugins', ['core/plugin', 'jobs/api', 'tide/policy']),
    only('external-plugins-know-the-contract', 'external-plugins', ['core/plugin', 'jobs/api', 'plugins']),
    {
      ...only('the-kit-knows-core', 'external-plugins/kit', ['core']),
      from: { path: '^external-plugins/kit/', pathNot: '\\.test\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The swc parser reads no TSX; scripts/build.ts checks what the bundles of the pages take in.
    exclude: { path: '^(dist|node_modules|coverage|external-plugins/template)/|\\.tsx$' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
