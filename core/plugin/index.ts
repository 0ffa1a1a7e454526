// All that a plugin may know of the platform.
export { parseDuration } from '../config/duration.ts';
export { compilePattern, type Pattern } from '../config/pattern.ts';
export { parseTemplate } from '../config/template/template.ts';
export { parseYaml } from '../config/yaml.ts';
export { CutwaterError, hasCode, isTransient, messageOf } from '../errors.ts';
export { own } from '../own.ts';
export * from '../owners/index.ts';
export type * from '../ports/index.ts';
export { type Args, like, none, oneOf, rest, text, words } from './args.ts';
export { changedPaths } from './changed-paths.ts';
export { closesIssues } from './closing-keywords.ts';
export type { Command, CommandSpec } from './command.ts';
export { commitList, firstLine } from './commit-list.ts';
export { configuredPattern } from './configured-pattern.ts';
export type { CommandContext, CommandEventContext, EventContext } from './context.ts';
export { enabledPlugins, pluginsFor } from './enablement.ts';
export type { CommentEvent, HookEvent, PluginEvent, WebhookEventMap, WebhookEventName } from './event.ts';
export { type GitHubOptions, githubOptions } from './github-options.ts';
export { hasLabel, pruneComments } from './housekeeping.ts';
export { type Choice, chooseLabels, setLabel } from './label-group.ts';
export {
  keepsMilestones,
  milestoneMaintainers,
  onlyForMaintainers,
} from './milestone-maintainers.ts';
export { pause } from './pause.ts';
export { drawn, firstOf, markdownUrl, pictureOf } from './pictures.ts';
export type { Plugin } from './plugin.ts';
export { plugin } from './plugin.ts';
export { plainText, withoutTeamMentions } from './quiet.ts';
export { ABOUT_THIS_BOT, formatReply, formatResponse, formatResponseTo, formatSimpleResponse } from './reply.ts';
export { requestReviews, splitReviewers } from './review-requests.ts';
export type { Said } from './said.ts';
export {
  globalSettings,
  joined,
  listSettings,
  mapSettings,
  repos,
  type Settings,
  type SettingsOf,
} from './settings.ts';
export { commandText } from './text.ts';
export { joinUrl, type Triggers, triggerSettings, trustOf } from './trust.ts';
export { anyone, authorOrCollaborator, decidedBy, members, sameLogin, type Who } from './who.ts';
