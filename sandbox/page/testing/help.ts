import type { PluginHelp } from '../server/commands.ts';

/** A `/plugin-help` as the bot gives it. */
export const HELP: PluginHelp = {
  RepoPlugins: { '': ['hold', 'lgtm', 'trigger', 'label'], 'acme/widgets': ['hold', 'trigger'], acme: ['lgtm'] },
  PluginHelp: {
    lgtm: {
      Commands: [
        {
          Usage: '/lgtm [cancel]',
          Description: 'Say that this change looks good to you',
          Examples: ['/lgtm', '/lgtm cancel'],
          WhoCanUse: 'Collaborators on the repository.',
        },
      ],
    },
    hold: {
      Commands: [
        {
          Usage: '/hold [cancel]',
          Description: 'Keeps a pull request from being merged',
          Examples: ['/hold', '/hold cancel'],
          WhoCanUse: 'Anyone can use the /hold command to add or remove the hold.',
        },
      ],
    },
    trigger: {
      Commands: [
        {
          Usage: '/test (all|?|<job>)',
          Description: 'Runs the tests of a pull request',
          Examples: ['/test all', '/test ?', '/retest'],
          WhoCanUse: 'Members of the organization.',
        },
        {
          Usage: '/ok-to-test',
          Description: 'Marks a pull request as trusted and runs its tests',
          Examples: ['/ok-to-test'],
          WhoCanUse: 'Members of the organization.',
        },
      ],
    },
    label: {
      Commands: [
        {
          Usage: '/label <name>',
          Description: 'Sets a label from the allowed list',
          Examples: ['/label area/docs'],
          WhoCanUse: 'Anyone',
        },
      ],
    },
  },
};
