import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configOf } from '../core/config/config.ts';
import { EXCLUSIVE } from '../core/plugin/enablement.ts';
import { pluginHelp } from '../core/plugin/help.ts';
import { createWorld, say, worldPorts } from '../core/plugin/testing/index.ts';
import { commandText } from '../core/plugin/text.ts';
import { plugins } from './index.ts';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const ports = worldPorts(createWorld());

/** Whom and what every plugin asks for, so that none stops at the door. */
const EVERYTHING = { collaborators: ['alice'], permissions: { alice: 'admin' }, teams: { 'acme/keepers': ['alice'] } };
const settings = { repo_milestone: { '': { maintainers_team: 'keepers' } } };

/** Comments that say one command again and again, or with very many arguments. */
function floods(command: string, examples: readonly string[]): string[] {
  const many = (text: (index: number) => string) => Array.from({ length: 1_000 }, (_, index) => text(index));
  return [
    many((index) => examples[index % examples.length] ?? '').join('\n'),
    many((index) => `/${command} x${index}`).join('\n'),
    `/${command} ${many((index) => `${index}`).join(' ')}`,
    `/${command} ${many((index) => `@u${index}`).join(' ')}`,
  ];
}

test('every folder is in the list, and every plugin has its folder, in order', () => {
  expect(plugins.map(({ name }) => name)).toEqual(folders.sort());
});

/** Of these a repository has one at most, so they may share a command. */
function excludes(one: string, other: string): boolean {
  return EXCLUSIVE.some((names) => names.includes(one) && names.includes(other));
}

describe.each(plugins.map((plugin) => [plugin.name, plugin] as const))('%s', (name, plugin) => {
  test('says what it is for, and does something', () => {
    expect(plugin.summary).not.toBe('');
    expect(plugin.handlers.length + plugin.commands.length).toBeGreaterThan(0);
    const answered = plugin.commands.every(({ run }) => run) || plugin.handlers.some(({ kind }) => kind === 'comment');
    expect(answered, 'a command without run needs a handler of comments').toBe(true);
  });

  test('every example says its own command, and no other plugin hears one of its own in it', () => {
    for (const command of plugin.commands) {
      for (const example of command.examples) {
        const text = commandText(example);
        expect(command.said(text), `${example} of /${command.names[0]}`).not.toEqual([]);
        const others = plugins.filter(
          (other) =>
            other.name !== name &&
            !excludes(name, other.name) &&
            other.commands.some((theirs) => theirs.said(text).length > 0),
        );
        expect(
          others.map((other) => other.name),
          example,
        ).toEqual([]);
      }
    }
  });

  test('its settings have defaults', () => {
    expect(() => plugin.config?.forRepo(configOf(), 'acme', 'widgets')).not.toThrow();
  });

  test('its help has what Prow shows', () => {
    const help = pluginHelp(plugin, {});
    expect(help.Events).not.toEqual([]);
    for (const command of help.Commands) expect(Object.values(command)).not.toContain('');
  });

  test.runIf(plugin.needs.every((need) => need in ports))(
    'asks little of GitHub, however much one comment asks of it',
    async () => {
      for (const isPull of [true, false]) {
        for (const text of plugin.commands.flatMap(({ names: [command], examples }) => floods(command, examples))) {
          const { calls, comments } = await say(plugin, 'alice', text, { world: { ...EVERYTHING, isPull }, settings });
          expect(calls.length, text.slice(0, 100)).toBeLessThan(40);
          expect(comments.length, text.slice(0, 100)).toBeLessThan(5);
        }
      }
    },
  );

  test('works through its ports alone', () => {
    const sources = readdirSync(new URL(`${name}/`, import.meta.url)).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    for (const file of sources) {
      const text = readFileSync(new URL(`${name}/${file}`, import.meta.url), 'utf8');
      expect(text, file).not.toMatch(/\bfetch\(|setTimeout\(|process\.env|octokit/i);
    }
  });
});
