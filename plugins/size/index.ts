import { type PortMap, plugin } from '../../core/plugin/index.ts';
import { sizeLabel, sizes } from './config.ts';
import { type GeneratedFiles, isGenerated, meaningfulLines, parseGeneratedFiles } from './generated.ts';
import { linguistGenerated } from './gitattributes.ts';

const p = plugin({
  name: 'size',
  summary: 'Labels a pull request by how many lines it changes, generated files left out.',
  config: sizes,
  needs: ['labels', 'pull', 'repo'],
  snippet: 'size:\n  s: 10\n  m: 30\n  l: 100\n  xl: 500\n  xxl: 1000\n',
});

/** Prow: pkg/plugins/size/size.go. What counts as generated is what the base says, so that no change hides itself. */
const measure = p.on('pull_request', ['opened', 'reopened', 'synchronize', 'edited'], async (context) => {
  const { event, ports, config, log } = context;
  if (!event.pull) return;
  const base = event.pull.base.sha;
  const [generated, attributes, files, before] = await Promise.all([
    generatedFiles(ports.repo, base),
    ports.repo.file('.gitattributes', base),
    ports.pull.files(),
    ports.labels.list(),
  ]);
  if (generated.wrong.length > 0) log.warn({ lines: generated.wrong }, '.generated_files has lines that mean nothing');
  const linguist = linguistGenerated(attributes ?? '');
  const lines = files
    .filter(({ path }) => !isGenerated(path, generated) && !linguist.some((pattern) => pattern.test(path)))
    .reduce((sum, { additions, deletions }) => sum + additions + deletions, 0);
  const label = sizeLabel(lines, config);
  for (const old of before) if (old.startsWith('size/') && old !== label) await ports.labels.remove(old);
  if (!before.includes(label)) await ports.labels.add(label);
});

async function generatedFiles(repo: PortMap['repo'], base: string): Promise<GeneratedFiles> {
  const files = parseGeneratedFiles((await repo.file('.generated_files', base)) ?? '');
  for (const list of files.lists)
    for (const path of meaningfulLines((await repo.file(list, base)) ?? '')) files.paths.add(path);
  return files;
}

export const size = p.define({ handlers: [measure] });
