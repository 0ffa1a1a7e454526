import {
  type ChangedFile,
  changedPaths,
  formatResponse,
  hasLabel,
  plainText,
  plugin,
  pruneComments,
} from '../../core/plugin/index.ts';
import { type Blockade, settings } from './config.ts';

const LABEL = 'do-not-merge/blocked-paths';
const NOTICE = `Adding label: \`${LABEL}\` because PR changes a protected file.`;

const p = plugin({
  name: 'blockade',
  summary: `The blockade plugin blocks pull requests from merging if they touch specific files. The plugin applies the '${LABEL}' label to pull requests that touch files that match a blockade's block regular expression and none of the corresponding exception regular expressions.`,
  config: settings,
  needs: ['labels', 'comments', 'pull'],
  snippet:
    'blockades:\n- repos:\n  - ORGANIZATION\n  - ORGANIZATION/REPOSITORY\n  branchregexp: ^release-*\n  blockregexps:\n  - ^examples*\n  exceptionregexps:\n  - ^examples-keep/\n  explanation: examples have moved elsewhere\n',
});

/** Prow: pkg/plugins/blockade/blockade.go. */
const onPull = p.on('pull_request', ['opened', 'reopened', 'synchronize'], async ({ event, ports, config, bot }) => {
  const { pull } = event;
  if (!pull) return;
  const blockades = config.filter(({ branch }) => branch.test(pull.base.ref));
  const labelled = hasLabel(await ports.labels.list(), LABEL);
  if (blockades.length === 0 && !labelled) return;
  const reasons = blockades.length > 0 ? reasonsFor(await ports.pull.files(), blockades) : new Map();
  if (reasons.size > 0 && !labelled) {
    await ports.labels.add(LABEL);
    await ports.comments.create(formatResponse(pull.author, NOTICE, summary(reasons)));
  }
  if (reasons.size === 0 && labelled) {
    await ports.labels.remove(LABEL);
    await pruneComments(ports.comments, bot, ({ body }) => body.includes(NOTICE));
  }
});

/** Explanation to the files that it is about. */
function reasonsFor(files: readonly ChangedFile[], blockades: readonly Blockade[]): Map<string, ChangedFile[]> {
  const reasons = new Map<string, ChangedFile[]>();
  for (const file of files)
    for (const { explanation, ...blockade } of blockades)
      if (changedPaths([file]).some((path) => isBlocked(path, blockade)))
        reasons.set(explanation, [...(reasons.get(explanation) ?? []), file]);
  return reasons;
}

function isBlocked(path: string, { blocked, exceptions }: Pick<Blockade, 'blocked' | 'exceptions'>): boolean {
  return blocked.some((pattern) => pattern.test(path)) && !exceptions.some((pattern) => pattern.test(path));
}

function summary(reasons: ReadonlyMap<string, readonly ChangedFile[]>): string {
  const parts = [...reasons].map(([reason, files]) => `[${reason}]\n${files.map(linked).join('')}`);
  return `#### Reasons for blocking this PR:\n${parts.join('')}`;
}

/** Whoever opens the change chooses the path. */
function linked({ path, url }: ChangedFile): string {
  return `- [${plainText(path)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})\n\n`;
}

export const blockade = p.define({ handlers: [onPull] });
