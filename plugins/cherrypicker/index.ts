import { commandText, decidedBy, isTransient, type PullRequest, plugin, sameLogin } from '../../core/plugin/index.ts';
import { cherryPickerSettings } from './config.ts';
import { type Context, pick } from './pick.ts';
import { branches, oneForEachBranch, type Request, requestsAtMerge, targetsOf } from './requests.ts';
import { answer, notMember, ownBase, promise, sameBranch } from './words.ts';

const p = plugin({
  name: 'cherrypicker',
  summary:
    'Cherry-picks pull requests to other branches. For every cherry-pick a new pull request is opened against the target branch and assigned to who asked. The release note and the `kind/` labels of the original go with it.',
  needs: ['comments', 'git', 'issue', 'labels', 'people', 'pull', 'repo'],
  config: cherryPickerSettings,
  snippet: 'cherrypicker:\n  allow-all: false\n  create-issue-on-conflict: true\n  labels:\n  - cherry-pick\n',
});

/** Prow: cmd/external-plugins/cherrypicker/server.go. Only words in the conversation count at once; the description counts at the merge. */
const cherrypick = p.command({
  names: ['cherrypick', 'cherry-pick'],
  args: branches,
  on: 'pr',
  evenClosed: true,
  commentsOnly: true,
  exactCase: true,
  who: decidedBy('Members of the trusted organization for the repo.'),
  help: 'Cherry-picks a pull request to a different branch: at once where it has merged, and as soon as it merges where it is open. Of several branches the first one is served; its pull request asks for the next ones.',
  examples: ['/cherrypick release-3.9', '/cherry-pick release-1.15', '/cherrypick release-1.6 release-1.5 release-1.4'],
  featured: true,
  async run(context) {
    const { event, ports, said, reply } = context;
    const targets = targetsOf(said);
    const pull = await ports.pull.get();
    const base = pull.base.ref;
    const namesBase = targets.delete(base);
    if (targets.size === 0) return reply(ownBase(base));
    const unmerged = event.state === 'closed' && !pull.merged;
    if (unmerged) return reply('cannot cherry-pick an unmerged PR');
    if (!(await mayAsk(context, event.org, event.user))) return reply(notMember(event.org, event.user));
    if (event.state === 'open') return reply(promise([...targets.keys()], namesBase ? base : undefined));
    if (namesBase) await reply(ownBase(base));
    const asked = { body: event.body, url: event.url };
    const requests = [...targets].map(([target, chain]) => ({ requester: event.user, target, chain, asked }));
    await pickAll(context, pull, requests);
  },
});

const onLabel = p.on('pull_request', ['labeled'], async (context) => {
  const { event, ports, config } = context;
  const { pull, payload } = event;
  const label = 'label' in payload ? (payload.label?.name ?? '') : '';
  const target = label.slice(config['label-prefix'].length);
  if (!pull || target === '' || !label.startsWith(config['label-prefix'])) return;
  const request: Request = { requester: pull.author, target, chain: [] };
  const say = async (message: string) => void (await ports.comments.create(answer(request, message)));
  if (!(await mayAsk(context, event.org, pull.author))) return say(notMember(event.org, pull.author));
  if (target === pull.base.ref) return say(sameBranch(pull.base.ref, target));
  if (!pull.merged) return say(`@${pull.author} ${promise([target], undefined)}`);
  await pick(context, pull, request);
});

const onMerge = p.on('pull_request', ['closed'], async (context) => {
  const { event, ports, config } = context;
  const { pull } = event;
  if (!pull?.merged) return;
  const mergedAt = Date.parse(event.payload.pull_request.merged_at ?? '');
  // Who asks after the merge is answered for the comment itself.
  const before = (await ports.comments.list()).filter(({ createdAt }) => !(Date.parse(createdAt) > mergedAt));
  const requests = requestsAtMerge(pull, before, await ports.labels.list(), {
    said: (body) => cherrypick.said(commandText(body)),
    prefix: config['label-prefix'],
  });
  const allowed: string[] = [];
  for (const login of new Set(requests.map(({ requester }) => requester)))
    if (await mayAsk(context, event.org, login)) allowed.push(login);
  await pickAll(context, pull, oneForEachBranch(requests, allowed));
});

/** The bot itself may: it asks for the rest of a chain. */
async function mayAsk({ ports, config, bot }: Context, org: string, login: string): Promise<boolean> {
  return config['allow-all'] || sameLogin(login, bot) || ports.people.isMember(org, login);
}

/** One after the other; what fails for one branch keeps none of the others from being served. */
async function pickAll(context: Context, pull: PullRequest, requests: readonly Request[]): Promise<void> {
  const failures: unknown[] = [];
  for (const request of requests) {
    try {
      if (request.target === pull.base.ref) {
        await context.ports.comments.create(answer(request, sameBranch(pull.base.ref, request.target)));
      } else await pick(context, pull, request);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures.find(isTransient) ?? failures[0];
}

export const cherrypicker = p.define({ commands: [cherrypick], handlers: [onLabel, onMerge] });
