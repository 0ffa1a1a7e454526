import { z } from 'zod';
import { section } from '../section.ts';

const Permission = z.enum(['none', 'read', 'triage', 'write', 'maintain', 'admin']);
const text = () => z.string().optional();
const flag = () => z.boolean().optional();
const texts = () => z.array(z.string()).optional();
const permissions = () => z.record(z.string(), Permission).optional();

/** A team holds teams: by its name the schema for editors refers to it. */
const Team = z
  .object({
    description: text(),
    privacy: z.enum(['closed', 'secret']).optional(),
    members: texts(),
    maintainers: texts(),
    previously: texts(),
    repos: permissions(),
    get teams() {
      return z.record(z.string(), Team).optional();
    },
  })
  .meta({ id: 'Team' });

const Repo = z.object({
  description: text(),
  homepage: text(),
  visibility: z.enum(['public', 'private', 'internal']).optional(),
  /** The older word for visibility. */
  private: flag(),
  has_issues: flag(),
  has_projects: flag(),
  has_wiki: flag(),
  allow_squash_merge: flag(),
  allow_merge_commit: flag(),
  allow_rebase_merge: flag(),
  squash_merge_commit_title: text(),
  squash_merge_commit_message: text(),
  default_branch: text(),
  archived: flag(),
  previously: texts(),
  collaborators: permissions(),
  on_create: z.object({ auto_init: flag(), gitignore_template: text(), license_template: text() }).optional(),
});

const Org = z.object({
  billing_email: text(),
  company: text(),
  email: text(),
  name: text(),
  description: text(),
  location: text(),
  has_organization_projects: flag(),
  has_repository_projects: flag(),
  default_repository_permission: Permission.optional(),
  members_can_create_repositories: flag(),
  teams: z.record(z.string(), Team).optional(),
  members: texts(),
  admins: texts(),
  repos: z.record(z.string(), Repo).optional(),
});

/** The key `orgs`: what organisations, their teams and repositories are meant to be like (Prow: pkg/config/org, peribolos). */
export const orgs = section({
  key: 'orgs',
  schema: z.record(z.string(), Org).default({}),
  finish(value, view, file) {
    for (const [org, { repos = {} }] of Object.entries(value))
      for (const [repo, { private: hidden, visibility }] of Object.entries(repos))
        if (hidden !== undefined && visibility !== undefined)
          view.problem(
            file,
            ['orgs', org, 'repos', repo, 'private'],
            "repo config may not specify both 'private' and 'visibility'",
          );
    return value;
  },
});
