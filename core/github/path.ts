/** Variable parts of GitHub's paths, under the names that Prow's metrics have (Prow: pkg/github/ghmetrics/ghpath.go). */
const VARIABLES = new Set(
  `owner repo repoId branch commentId eventId issueId labelId keyId milestone pullId releaseId statusId assigneeId collaboratorId sha contentId
   refId tagId ref hookId deliveryId id username login orgname teamId`.split(/\s+/),
);

/** What a repository has; a last variable takes all that follows. */
const OF_REPOSITORY = `
  assignees/assigneeId branches/branch/protection collaborators/collaboratorId collaborators/collaboratorId/permission comments/commentId
  commits/sha commits/sha/check-runs commits/sha/status compare/sha contents/contentId git/commits/sha git/ref/refId git/refs/heads/ref
  git/tags/tagId git/trees/sha hooks/hookId/deliveries hooks/hookId/deliveries/deliveryId/attempts issues issues/comments/commentId
  issues/events/eventId issues/issueId issues/issueId/assignees issues/issueId/comments issues/issueId/events issues/issueId/labels
  issues/issueId/labels/labelId issues/issueId/lock issues/issueId/reactions keys/keyId labels labels/labelId merges milestones/milestone
  pulls pulls/pullId pulls/pullId/comments pulls/pullId/commits pulls/pullId/files pulls/pullId/merge pulls/pullId/requested_reviewers
  pulls/pullId/reviews releases/releaseId statuses/statusId teams topics`;

const OF_OTHERS = `
  app app/installations app/installations/id/access_tokens app/hook/deliveries app/hook/deliveries/deliveryId/attempts graphql
  installation/repositories orgs/orgname orgs/orgname/hooks/hookId/deliveries orgs/orgname/hooks/hookId/deliveries/deliveryId/attempts
  orgs/orgname/installation orgs/orgname/members/login orgs/orgname/memberships/login orgs/orgname/repos orgs/orgname/teams
  orgs/orgname/teams/teamId/members rate_limit repos/owner/repo search/issues user users/username`;

const words = (text: string): string[] => text.trim().split(/\s+/);

const TEMPLATES: string[][] = [
  ...words(OF_REPOSITORY).flatMap((path) => [`repos/owner/repo/${path}`, `repositories/repoId/${path}`]),
  ...words(OF_OTHERS),
].map((path) => path.split('/'));

function fits(template: string[], parts: string[]): boolean {
  const greedy = VARIABLES.has(template.at(-1) ?? '') && parts.length > template.length;
  if (parts.length !== template.length && !greedy) return false;
  return template.every((part, index) => VARIABLES.has(part) || part === parts[index]);
}

const fixedParts = (template: string[]): number => template.filter((part) => !VARIABLES.has(part)).length;

/** The path without what varies, such as `/repos/owner/repo/issues/issueId`; `/unmatched` keeps unknown ones from filling the metrics. */
export function simplifyPath(pathname: string): string {
  const parts = pathname
    .replace(/^\/api\/(v3|graphql$)/, (_all, part) => (part === 'v3' ? '' : '/graphql'))
    .split('/')
    .filter(Boolean);
  const fitting = TEMPLATES.filter((template) => fits(template, parts));
  const best = fitting.sort((a, b) => b.length - a.length || fixedParts(b) - fixedParts(a))[0];
  return best ? `/${best.join('/')}` : '/unmatched';
}
