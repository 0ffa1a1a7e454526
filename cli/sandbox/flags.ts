import { choiceFlag, type FlagValues, intFlag, stringFlag } from '../../core/flags.ts';

/** What `cutwater sandbox` understands. */
export const sandboxFlags = {
  'webhook-url': stringFlag('where webhooks go; none are sent unless it is given', 'URL'),
  'hmac-secret-file': stringFlag('what webhooks are signed with; made in the data folder unless given', 'FILE'),
  'jobs-url': stringFlag("where the page's links to logs lead (the address of --webhook-url)", 'URL'),
  hook: choiceFlag(
    'who sends webhooks: the App, or the organization, for a bot with a token',
    ['app', 'organization'],
    'app',
  ),
  'sandbox-listen': stringFlag('the address to listen on (127.0.0.1)', 'ADDRESS'),
  port: intFlag('API, git and page (8080, or any free one where that is taken)'),
  'data-dir': stringFlag('where its state and its keys are kept (.cutwater)', 'DIR'),
};

export type SandboxFlags = FlagValues<typeof sandboxFlags>;
