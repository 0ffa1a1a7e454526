import { hasLabel, plugin } from '../../core/plugin/index.ts';

const p = plugin({
  name: 'owners-label',
  summary:
    "The owners-label plugin automatically adds labels to PRs based on the files they touch. Specifically, the 'labels' sections of OWNERS files are used to determine which labels apply to the changes.",
  needs: ['labels', 'owners', 'pull'],
});

/** Never takes a label away (Prow: pkg/plugins/owners-label/owners-label.go). */
const onPull = p.on('pull_request', ['opened', 'reopened', 'synchronize'], async ({ event, ports, log }) => {
  const { pull } = event;
  if (!pull) return;
  const [owners, files] = await Promise.all([ports.owners.load(pull.base.ref), ports.pull.files()]);
  const wanted = [...new Set(files.flatMap(({ path }) => [...owners.labels(path)]))].sort();
  if (wanted.length === 0) return;
  const [catalog, labels] = await Promise.all([ports.labels.catalog(), ports.labels.list()]);
  const known = catalog.map(({ name }) => name);
  const missing = wanted.filter((label) => !hasLabel(labels, label));
  const nonexistent = missing.filter((label) => !hasLabel(known, label));
  if (nonexistent.length > 0) log.warn({ nonexistent }, 'OWNERS files name labels that the repository does not have');
  const possible = missing.filter((label) => hasLabel(known, label));
  if (possible.length > 0) await ports.labels.add(...possible);
});

export const ownersLabel = p.define({ handlers: [onPull] });
