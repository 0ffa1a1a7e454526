import { formatSimpleResponse, plugin, type Settings, sameLogin } from '../../core/plugin/index.ts';
import { type Tide, tide } from '../../tide/policy/config.ts';
import { type MergeMethod, mergeMethodOf } from '../../tide/policy/merge-method.ts';

type Labels = Pick<Tide, 'mergeLabel' | 'squashLabel'>;

const settings: Settings<Tide> = { sections: [tide], forRepo: (config) => config.get(tide) };

const p = plugin({
  name: 'merge-method-comment',
  summary:
    'The merge-method-comment plugin adds a comment on how to request a different-from-default merge method to PRs with more than 1 commit',
  config: settings,
  needs: ['comments'],
});

/** Prow: pkg/plugins/merge-method-comment; but the branch's own merge method counts. */
const onPull = p.on(
  'pull_request',
  ['opened', 'reopened', 'synchronize', 'edited'],
  async ({ event, ports, config, bot }) => {
    const { pull, org, repo } = event;
    if (!pull || pull.commits <= 1) return;
    const note = noteFor(mergeMethodOf(config.mergeMethods, org, repo, pull.base.ref), config);
    const said = (await ports.comments.list()).some(
      ({ author, body }) => sameLogin(author, bot) && body.replaceAll('\r\n', '\n').includes(note),
    );
    if (!said) await ports.comments.create(formatSimpleResponse(note));
  },
);

function noteFor(method: MergeMethod, labels: Labels): string {
  return `This PR has multiple commits, and the default merge method is: ${method}.\n${hintFor(method, labels)}`;
}

function hintFor(method: MergeMethod, { mergeLabel, squashLabel }: Labels): string {
  if (method === 'squash')
    return mergeLabel === ''
      ? 'Commits will be squashed, as no merge labels are defined'
      : `You can request commits to be merged using the label: ${mergeLabel}`;
  if (method !== 'merge') return '';
  return squashLabel === ''
    ? 'Commits will be merged, as no squash labels are defined'
    : `You can request commits to be squashed using the label: ${squashLabel}`;
}

export const mergeMethodComment = p.define({ handlers: [onPull] });
