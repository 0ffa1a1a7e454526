import type { Command } from '../../core/plugin/command.ts';
import { usageOf } from '../../core/plugin/help.ts';
import type { Handler, Plugin } from '../../core/plugin/plugin.ts';
import { keySection } from './page.ts';
import { type Key, keysOf } from './schema.ts';

const START = `# Plugins

This page is made from the plugins' declarations by \`npm run generate\`; do not edit it. Plugins are turned on by organisation or repository
under \`plugins\` (see [configuration.md](configuration.md#plugins)). Where a plugin differs from Prow's on purpose,
[compatibility.md](compatibility.md) says so.
`;

/** The page for people who use plugins and those who turn them on: each command, and what each plugin does, hears and can be told. */
export function pluginsPage(plugins: readonly Plugin[]): string {
  const users = usersOfKeys(plugins);
  return [START, commandIndex(plugins), ...plugins.map((plugin) => pluginSection(plugin, users))].join('\n');
}

function commandIndex(plugins: readonly Plugin[]): string {
  const rows = plugins.flatMap(({ name, commands }) =>
    commands.map((command) => ({
      usage: usageOf(command),
      row: `| ${code(usageOf(command))} | ${cell(command.help)} | [${name}](#${name}) |`,
    })),
  );
  const sorted = rows.sort((a, b) => (a.usage < b.usage ? -1 : 1)).map(({ row }) => row);
  return `## Commands\n\n| command | | plugin |\n|---|---|---|\n${sorted.join('\n')}\n`;
}

function pluginSection(plugin: Plugin, users: ReadonlyMap<string, number>): string {
  const { name, summary, commands, snippet } = plugin;
  return [
    `## ${name}\n\n${summary}\n`,
    ...(commands.length > 0 ? [commandTable(commands)] : []),
    `Reacts to: ${reactions(plugin).join('; ')}.\n`,
    ...settingsOf(plugin, users),
    ...(snippet ? [`\`\`\`yaml\n${snippet.trim()}\n\`\`\`\n`] : []),
  ].join('\n');
}

function commandTable(commands: readonly Command[]): string {
  const rows = commands.map(
    (command) =>
      `| ${code(usageOf(command))} | ${cell(command.help)} | ${placeOf(command)} | ${cell(command.who.description)} | ${command.examples.map(code).join('<br>')} |`,
  );
  return `| command | | on | who may use it | for example |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function placeOf({ on, evenClosed, commentsOnly }: Command): string {
  const place = { pr: 'pull requests', issue: 'issues', both: 'issues and pull requests' }[on];
  return `${place}${evenClosed ? ', closed ones too' : ''}${commentsOnly ? '; not in descriptions and reviews' : ''}`;
}

function reactions({ commands, handlers }: Plugin): string[] {
  const said = commands.some(({ run }) => run) ? ['commands in comments, reviews and descriptions'] : [];
  return [...new Set([...said, ...handlers.map(reaction)])].sort();
}

function reaction(handler: Handler): string {
  const actions = handler.actions.length > 0 ? ` (${handler.actions.join(', ')})` : '';
  return handler.kind === 'comment' ? `comments, reviews and descriptions${actions}` : `\`${handler.event}\`${actions}`;
}

/** Keys of the plugin's own with their tables; what others read too is told once, on the page of the configuration. */
function settingsOf({ config }: Plugin, users: ReadonlyMap<string, number>): string[] {
  const keys = keysOf(config?.sections ?? []);
  const isOwn = ({ key, files }: Key): boolean => users.get(key) === 1 && files.includes('plugins');
  const others = keys.filter((key) => !isOwn(key)).map(({ key }) => `[\`${key}\`](configuration.md#${key})`);
  return [
    ...keys.filter(isOwn).map((key) => keySection(key).replace(/^### `(.*)`\n/, 'Settings under `$1`:\n')),
    ...(others.length > 0 ? [`It also reads ${others.join(', ')}.\n`] : []),
  ];
}

function usersOfKeys(plugins: readonly Plugin[]): Map<string, number> {
  const users = new Map<string, number>();
  for (const { config } of plugins)
    for (const key of new Set(config?.sections.flatMap(({ keys }) => keys))) users.set(key, (users.get(key) ?? 0) + 1);
  return users;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** As code in a table, where a bar and a line's end would end the cell. */
function code(text: string): string {
  return text
    .split('\n')
    .map((line) => `\`${line.replaceAll('|', '\\|')}\``)
    .join(' ');
}
