import { pino } from 'pino';
import { configOf } from '../../config/config.ts';
import { newReading } from '../../config/decode.ts';
import type { Section } from '../../config/section.ts';
import { CutwaterError } from '../../errors.ts';
import type { PortMap } from '../../ports/index.ts';
import type { CommentEvent, HookEvent, WebhookEventName } from '../event.ts';
import type { Plugin } from '../plugin.ts';
import { type Lent, runPlugin } from '../run.ts';
import type { Settings } from '../settings.ts';
import { commandText } from '../text.ts';
import { pullOfWorld, worldPorts } from './ports.ts';
import { createWorld, type World } from './world.ts';

export { pullOfWorld, worldPorts } from './ports.ts';
export { comment, commit, createWorld, file, type World } from './world.ts';

interface Stage {
  world?: Partial<World>;
  /** Sections of plugins.yaml, as they stand there after YAML. */
  settings?: Record<string, unknown>;
  /** Ports of other components, or replacements of core's. */
  ports?: Partial<PortMap>;
  /** Other issues, pull requests and repositories that the plugin may turn to; where they are given there are no others. */
  others?: World[];
}

/** `user` writes `body`; what the plugin makes of it is in the World that comes back. */
export async function say(
  plugin: Plugin,
  user: string,
  body: string,
  stage: Stage & { event?: Partial<CommentEvent> } = {},
): Promise<World> {
  const world = createWorld(stage.world);
  const event: CommentEvent = {
    kind: 'comment',
    delivery: 'd-1',
    action: 'created',
    source: 'comment',
    org: world.org,
    repo: world.repo,
    number: world.number,
    isPull: world.isPull,
    state: world.state,
    title: world.title,
    description: world.body,
    author: world.author,
    assignees: world.assignees,
    user,
    userIsBot: user === world.bot,
    body,
    text: commandText(body),
    url: `https://github.com/${world.org}/${world.repo}/pull/${world.number}#issuecomment-1`,
    commentId: 1,
    createdAt: '2026-01-01T00:00:00Z',
    ...stage.event,
  };
  await runPlugin(plugin, event, lent(plugin, world, stage));
  return world;
}

/** A webhook happens to the world's pull request; `payload` holds what the plugin reads of it. */
export async function happen(
  plugin: Plugin,
  event: WebhookEventName,
  action: string,
  stage: Stage & { payload?: object } = {},
): Promise<World> {
  const world = createWorld(stage.world);
  const hook: HookEvent = {
    kind: event,
    delivery: 'd-1',
    action,
    org: world.org,
    repo: world.repo,
    number: world.number,
    ...(world.isPull && { pull: pullOfWorld(world) }),
    payload: { action, sender: { login: world.author }, ...stage.payload } as unknown as HookEvent['payload'],
  };
  await runPlugin(plugin, hook, lent(plugin, world, stage));
  return world;
}

/** The comments that the bot made or kept. */
export function botComments(world: World): string[] {
  return world.comments.filter(({ author }) => author === world.bot).map(({ body }) => body);
}

/** Where there is nothing, every call is answered as GitHub answers it. */
function nowhere(): PortMap {
  const refuse = async () => {
    throw new CutwaterError('not-found', 'Not Found');
  };
  return new Proxy({}, { get: () => new Proxy({}, { get: () => refuse }) }) as PortMap;
}

function lent(plugin: Plugin, world: World, stage: Stage): Lent {
  const ports: PortMap = { ...worldPorts(world), ...stage.ports };
  return {
    ports,
    at: (target) => {
      const { org, repo, number } = { ...world, ...target };
      const other = stage.others?.find((it) => it.org === org && it.repo === repo && it.number === number);
      if (other) return { ...worldPorts(other), ...stage.ports };
      const here = org === world.org && repo === world.repo && number === world.number;
      return here || !stage.others ? ports : nowhere();
    },
    config: plugin.config && settingsFrom(plugin.config, stage.settings ?? {}, world),
    bot: world.bot,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    random: () => 0.5,
  };
}

/** A plugin's settings for a repository, from sections of plugins.yaml as they stand there. */
export function settingsFrom<S>(
  settings: Settings<S>,
  written: Record<string, unknown>,
  { org, repo } = { org: 'acme', repo: 'widgets' },
): S {
  const config = configOf(...settings.sections.map((section) => [section, settingsOf(section, written)] as const));
  return settings.forRepo(config, org, repo);
}

/** What the loader would make of `settings`; throws what it would refuse. */
function settingsOf(section: Section<unknown>, settings: Record<string, unknown>): unknown {
  const refuse = (message: string): never => {
    throw new CutwaterError('config', message);
  };
  const reading = newReading();
  const raw = Object.fromEntries(section.keys.filter((key) => key in settings).map((key) => [key, settings[key]]));
  const value = section.decode(raw, reading);
  for (const { path, message } of reading.problems) refuse(`${path.join('.')}: ${message}`);
  const parts = Object.keys(raw).length > 0 ? [{ file: 'plugins.yaml', kind: 'plugins' as const, value }] : [];
  const view = {
    get: <T>(other: Section<T>) => configOf().get(other),
    problem: (_file: string, path: readonly unknown[], message: string) => refuse(`${path.join('.')}: ${message}`),
    warn() {},
    loadedAt: 0,
  };
  return section.combine(parts, view);
}
