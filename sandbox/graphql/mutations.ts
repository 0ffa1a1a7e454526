import { atLeast } from '../model/access.ts';
import * as actions from '../model/actions/index.ts';
import type { Account, Issue, Permission, PullIssue } from '../model/records.ts';
import { actorNode } from './actors.ts';
import { connection, type Node, type PageArgs } from './connection.ts';
import { type Context, permissionIn } from './context.ts';
import { GraphqlFailure } from './failure.ts';
import { commentNode, issueNode, issueOrPullNode, pullNode, reviewNode } from './issues.ts';
import { needAccountById, needCommentById, needIssueById, needLabelById, needPullById, needRepoById } from './nodes.ts';

type Input = Record<string, unknown>;
type Change = (input: Input, actor: Account) => Node | Promise<Node>;

const text = (input: Input, name: string): string => String(input[name] ?? '');
const maybe = (input: Input, name: string): string | undefined =>
  typeof input[name] === 'string' ? input[name] : undefined;
const texts = (input: Input, name: string): string[] => (Array.isArray(input[name]) ? input[name].map(String) : []);

/** The fields of `Mutation` that bots use. Each takes `input` and gives `clientMutationId` back. */
export function mutations(context: Context): Node {
  const changes: Record<string, Change> = {
    ...issueChanges(context),
    ...pullChanges(context),
    ...commentChanges(context),
  };
  const wrapped = Object.entries(changes).map(([name, change]) => {
    const resolve = async ({ input }: { input: Input }) => {
      const actor = context.caller.account;
      if (!actor) throw new GraphqlFailure('FORBIDDEN', 'Resource not accessible by integration');
      return { clientMutationId: input.clientMutationId ?? null, ...(await change(input, actor)) };
    };
    return [name, resolve];
  });
  return Object.fromEntries(wrapped);
}

function allowed(context: Context, issue: Issue, needed: Permission, actor?: Account): void {
  const permission = permissionIn(context, context.world.repos.need(issue.repoId));
  if (atLeast(permission, needed) || (actor && issue.authorId === actor.id)) return;
  throw new GraphqlFailure(
    'FORBIDDEN',
    `${context.caller.account?.login} does not have the correct permissions to execute this mutation`,
  );
}

function issueOf(context: Context, id: string, needed: Permission, actor?: Account): Issue {
  const issue = needIssueById(context.world, id);
  allowed(context, issue, needed, actor);
  return issue;
}

function pullOf(context: Context, id: string, needed: Permission, actor?: Account): PullIssue {
  const issue = needPullById(context.world, id);
  allowed(context, issue, needed, actor);
  return issue;
}

function issueChanges(context: Context): Record<string, Change> {
  const { world } = context;
  const labelled = async (input: Input, actor: Account, add: boolean) => {
    const issue = issueOf(context, text(input, 'labelableId'), 'triage');
    for (const id of texts(input, 'labelIds')) {
      const label = needLabelById(world, id);
      if (add) await actions.addLabels(world, actor, issue, [label.name]);
      else await actions.removeLabel(world, actor, issue, label);
    }
    return { labelable: issueOrPullNode(context, issue) };
  };
  const assigned = async (input: Input, actor: Account, add: boolean) => {
    const issue = issueOf(context, text(input, 'assignableId'), 'triage');
    await actions.setAssigned(
      world,
      actor,
      issue,
      texts(input, 'assigneeIds').map((id) => needAccountById(world, id)),
      add,
    );
    return { assignable: issueOrPullNode(context, issue) };
  };
  const pinned = async (input: Input, actor: Account, on: boolean) => {
    const issue = issueOf(context, text(input, 'issueId'), 'write');
    await actions.setPinned(world, actor, issue, on);
    return { issue: issueNode(context, issue) };
  };
  return {
    addLabelsToLabelable: (input, actor) => labelled(input, actor, true),
    removeLabelsFromLabelable: (input, actor) => labelled(input, actor, false),
    addAssigneesToAssignable: (input, actor) => assigned(input, actor, true),
    removeAssigneesFromAssignable: (input, actor) => assigned(input, actor, false),
    pinIssue: (input, actor) => pinned(input, actor, true),
    unpinIssue: (input, actor) => pinned(input, actor, false),
    transferIssue: async (input, actor) => {
      const issue = issueOf(context, text(input, 'issueId'), 'write');
      const target = needRepoById(world, text(input, 'repositoryId'));
      return { issue: issueNode(context, await actions.transferIssue(world, actor, issue, target)) };
    },
    closeIssue: async (input, actor) => {
      const issue = issueOf(context, text(input, 'issueId'), 'triage', actor);
      await actions.setState(
        world,
        actor,
        issue,
        'closed',
        input.stateReason === 'NOT_PLANNED' ? 'not_planned' : 'completed',
      );
      return { issue: issueNode(context, issue) };
    },
    reopenIssue: async (input, actor) => {
      const issue = issueOf(context, text(input, 'issueId'), 'triage', actor);
      await actions.setState(world, actor, issue, 'open');
      return { issue: issueNode(context, issue) };
    },
  };
}

const METHODS = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const;

function pullChanges(context: Context): Record<string, Change> {
  const { world } = context;
  const draft = async (input: Input, actor: Account, on: boolean) => {
    const issue = pullOf(context, text(input, 'pullRequestId'), 'write', actor);
    await actions.setDraft(world, actor, issue, on);
    return { pullRequest: pullNode(context, issue) };
  };
  const state = async (input: Input, actor: Account, to: 'open' | 'closed') => {
    const issue = pullOf(context, text(input, 'pullRequestId'), 'write', actor);
    await actions.setState(world, actor, issue, to);
    return { pullRequest: pullNode(context, issue) };
  };
  return {
    markPullRequestReadyForReview: (input, actor) => draft(input, actor, false),
    convertPullRequestToDraft: (input, actor) => draft(input, actor, true),
    closePullRequest: (input, actor) => state(input, actor, 'closed'),
    reopenPullRequest: (input, actor) => state(input, actor, 'open'),
    mergePullRequest: async (input, actor) => {
      const issue = pullOf(context, text(input, 'pullRequestId'), 'write');
      const [title, message, sha] = ['commitHeadline', 'commitBody', 'expectedHeadOid'].map((name) =>
        maybe(input, name),
      );
      const method = METHODS[(input.mergeMethod ?? 'MERGE') as keyof typeof METHODS];
      await actions.mergePull(world, {
        actor,
        issue,
        method,
        ...(title ? { title } : {}),
        ...(message ? { message } : {}),
        ...(sha ? { sha } : {}),
      });
      return { actor: actorNode(context, actor), pullRequest: pullNode(context, issue) };
    },
    addPullRequestReview: (input, actor) => {
      const issue = pullOf(context, text(input, 'pullRequestId'), 'read');
      const event = (['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const).find((it) => it === input.event);
      const review = actions.submitReview(world, {
        actor,
        issue,
        body: text(input, 'body'),
        ...(event ? { event } : {}),
      });
      return { pullRequestReview: reviewNode(context, review) };
    },
    requestReviews: async (input, actor) => {
      const issue = pullOf(context, text(input, 'pullRequestId'), 'triage');
      await actions.requestReviewers(world, actor, issue, {
        people: texts(input, 'userIds').map((id) => needAccountById(world, id)),
      });
      return { actor: actorNode(context, actor), pullRequest: pullNode(context, issue) };
    },
  };
}

const REASONS: Record<string, string> = { OFF_TOPIC: 'off-topic' };

function commentChanges(context: Context): Record<string, Change> {
  const { world } = context;
  return {
    addComment: (input, actor) => {
      const issue = issueOf(context, text(input, 'subjectId'), 'read');
      const made = actions.comment(world, {
        actor,
        issue,
        body: text(input, 'body'),
        appId: context.caller.app?.id ?? null,
      });
      return {
        subject: issueOrPullNode(context, issue),
        commentEdge: { cursor: String(made.id), node: commentNode(context, made) },
        timelineEdge: (args: PageArgs) =>
          (connection([made], args, (it) => commentNode(context, it)).edges as unknown[])[0],
      };
    },
    minimizeComment: (input, actor) => {
      const made = needCommentById(world, text(input, 'subjectId'));
      const issue = world.issues.need(made.issueId);
      if (made.authorId !== actor.id) allowed(context, issue, 'write');
      const classifier = text(input, 'classifier');
      actions.minimizeComment(world, actor, made, REASONS[classifier] ?? classifier.toLowerCase());
      return { minimizedComment: commentNode(context, made) };
    },
    deleteIssueComment: (input, actor) => {
      const made = needCommentById(world, text(input, 'id'));
      if (made.authorId !== actor.id) allowed(context, world.issues.need(made.issueId), 'write');
      actions.deleteComment(world, actor, made);
      return {};
    },
  };
}
