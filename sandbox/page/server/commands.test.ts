import { describe, expect, it } from 'vitest';
import { HELP } from '../testing/help.ts';
import { commandRows } from './commands.ts';

const pull = { repo: 'acme/widgets', kind: 'pull', closed: false } as const;

function off(subject: Parameters<typeof commandRows>[1]): Record<string, string | null> {
  return Object.fromEntries(commandRows(HELP, subject).map(({ command, off }) => [command, off]));
}

describe('commandRows', () => {
  it('greys what is not enabled here; the list of all plugins enables nothing', () => {
    expect(off(pull)).toEqual({
      '/hold': null,
      '/hold cancel': null,
      '/label area/docs': 'not enabled here',
      '/lgtm': null,
      '/lgtm cancel': null,
      '/ok-to-test': null,
      '/retest': null,
      '/test ?': null,
      '/test all': null,
    });
  });

  it('finds repositories whatever the case', () => {
    expect(off({ ...pull, repo: 'Acme/Widgets' })['/hold']).toBeNull();
  });

  it('says what is for pull requests only, and that a thing is closed', () => {
    expect(off({ ...pull, kind: 'issue' })['/test all']).toBe('for pull requests');
    expect(off({ ...pull, kind: 'issue' })['/lgtm']).toBeNull();
    expect(off({ ...pull, closed: true })['/lgtm']).toBe('closed');
  });

  it('shortens who may, and strips HTML', () => {
    const help = {
      RepoPlugins: { acme: ['x'] },
      PluginHelp: {
        x: {
          Commands: [{ Usage: '/x <y>', Description: 'Does <b>x</b>', WhoCanUse: 'Anyone can use the /x command.' }],
        },
      },
    };
    expect(commandRows(help, pull)).toEqual([{ command: '/x', effect: 'Does x', who: 'anyone', off: null }]);
  });

  it('has nothing where the bot does not answer', () => {
    expect(commandRows({}, pull)).toEqual([]);
  });
});
