import { ownersSettings, plugin } from '../../core/plugin/index.ts';

const p = plugin({
  name: 'reward-owners',
  summary:
    'The reward-owners plugin watches in OWNERS and OWNERS_ALIASES files for modifications and welcomes new approvers and reviewers.',
  config: ownersSettings,
  needs: ['comments', 'owners', 'pull'],
});

/** Prow: pkg/plugins/reward-owners/reward-owners.go. */
const onPull = p.on('pull_request', ['closed'], async ({ event, ports, config }) => {
  const { pull } = event;
  if (!pull?.merged) return;
  const { owners: name, aliases } = config.filenames;
  const isAboutOwners = (path: string) => path === aliases || path.slice(path.lastIndexOf('/') + 1) === name;
  const files = await ports.pull.files();
  if (!files.some(({ path, status }) => status !== 'removed' && isAboutOwners(path))) return;
  const [before, after] = await Promise.all([
    ports.owners.loadCommit(pull.base.sha),
    ports.owners.loadCommit(pull.head.sha),
  ]);
  const welcome = [...after.allOwners().difference(before.allOwners())].sort();
  if (welcome.length > 0) await ports.comments.create(message(welcome.map((login) => `@${login}`).join(', ')));
});

/** Prow's words, which are for the Kubernetes community. */
function message(people: string): string {
  return `
Thanks to ${people} for serving the community in this new capacity!

Next steps:
1- Reach out in [slack.k8s.io](http://slack.k8s.io/) -> #sig-contribex for your special badge swag!

2- Join [slack.k8s.io](http://slack.k8s.io/) -> #kubernetes-contributors in slack and [dev@kubernetes.io](https://groups.google.com/a/kubernetes.io/g/dev) for all upstream info

3- Review the [community-membership.md](https://github.com/kubernetes/community/blob/master/community-membership.md) doc for your role. If for some reason you can't perform the duties associated, Emeritus is a great way to take a break! [OWNERs](https://github.com/kubernetes/community/blob/master/contributors/guide/owners.md) is another great resource for how this works.

4- Look over our [governance](https://github.com/kubernetes/community/blob/master/governance.md) docs now that you are actively involved in the maintenance of the project.
`;
}

export const rewardOwners = p.define({ handlers: [onPull] });
