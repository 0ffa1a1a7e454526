import { z } from 'zod';
import { externalPlugins } from '../config/sections/external-plugins.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { PluginHelp } from '../plugin/help.ts';
import type { ConfigView } from '../plugin/settings.ts';
import { addressOf } from './send.ts';

/** How long the reader of the help waits for all external plugins together, as in Prow. */
const TIME_LIMIT_MS = 1000;
const MOST_BYTES = 1024 * 1024;

/** Go leaves out what is empty, or writes null. */
const Command = z.object({
  Usage: z.string().default(''),
  Featured: z.boolean().default(false),
  Description: z.string().default(''),
  Examples: z.array(z.string()).nullish(),
  WhoCanUse: z.string().default(''),
});
const Help = z.object({
  Description: z.string().default(''),
  Config: z.record(z.string(), z.string()).nullish(),
  Snippet: z.string().optional(),
  Commands: z.array(Command).nullish(),
});

/** What is wrong with what an external plugin says of itself; `undefined` where hook understands it. */
export function helpProblem(text: string): string | undefined {
  try {
    const read = Help.safeParse(JSON.parse(text));
    const [issue] = read.error?.issues ?? [];
    return issue && `${issue.path.join('.')}: ${issue.message}`;
  } catch (error) {
    return messageOf(error);
  }
}

export interface ExternalHelp {
  /** Names as configured, by org or org/repo. */
  byRepo: Record<string, string[]>;
  /** Of those that answered in time. */
  help: Record<string, PluginHelp>;
}

export interface ExternalHelpOptions {
  config: ConfigView;
  /** The repositories of an organisation, as org/repo. */
  reposOf(org: string): Promise<string[]>;
  log: Logger;
  timeLimitMs?: number;
}

/**
 * Asks the external plugins what they do: ENDPOINT/help is posted the repositories that they are on for (Prow: pkg/pluginhelp/hook/hook.go). Those that
 * fail, or do not answer within a second, are left out; the reader may ask again.
 */
export async function externalHelp(options: ExternalHelpOptions): Promise<ExternalHelp> {
  const { config, log, timeLimitMs = TIME_LIMIT_MS } = options;
  const asked = pluginsByName(config);
  const signal = AbortSignal.timeout(timeLimitMs);
  const answers = await Promise.all(
    [...asked].map(async ([name, { endpoint, events, places }]) => {
      try {
        const repos = await inTime(signal, Promise.all(places.map((place) => reposIn(place, options.reposOf))));
        return [[name, { ...(await ask(endpoint, repos.flat(), signal)), Events: events }] as const];
      } catch (error) {
        log.warn({ 'external-plugin': name, reason: messageOf(error) }, 'An external plugin did not say what it does');
        return [];
      }
    }),
  );
  const byPlace = Object.entries(config.get(externalPlugins)).map(
    ([place, list]) => [place, list.map(({ name }) => name)] as const,
  );
  return {
    byRepo: Object.fromEntries(byPlace),
    help: Object.fromEntries(answers.flat()),
  };
}

interface Asked {
  endpoint: string;
  events: string[];
  places: string[];
}

/** A plugin that is configured at several places is asked once, at the first one's endpoint. */
function pluginsByName(config: ConfigView): Map<string, Asked> {
  const byName = new Map<string, Asked>();
  for (const [place, list] of Object.entries(config.get(externalPlugins))) {
    for (const { name, endpoint, events } of list) {
      const asked = byName.get(name) ?? { endpoint, events, places: [] };
      asked.places.push(place);
      byName.set(name, asked);
    }
  }
  return byName;
}

async function reposIn(place: string, reposOf: ExternalHelpOptions['reposOf']): Promise<string[]> {
  return place.includes('/') ? [place] : await reposOf(place);
}

async function ask(
  endpoint: string,
  repos: readonly string[],
  signal: AbortSignal,
): Promise<Omit<PluginHelp, 'Events'>> {
  const { address, authorization } = helpAddress(endpoint);
  const response = await fetch(address, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json' },
    body: JSON.stringify(repos.map(orgRepo)),
    redirect: 'manual',
    signal,
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const { Snippet, ...said } = Help.parse(JSON.parse(await textOf(response)));
  return {
    ...said,
    ...(Snippet && { Snippet }),
    Config: said.Config ?? {},
    Commands: (said.Commands ?? []).map((command) => ({ ...command, Examples: command.Examples ?? [] })),
  };
}

/** Below the endpoint's path. */
function helpAddress(endpoint: string): ReturnType<typeof addressOf> {
  const { address, authorization } = addressOf(endpoint);
  address.pathname = `${address.pathname.replace(/\/$/, '')}/help`;
  return { address, authorization };
}

/** An answer without end would fill the memory of hook. */
async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_BYTES) throw new Error(`answered more than ${MOST_BYTES} bytes`);
  }
  return text + decoder.decode();
}

function orgRepo(name: string): { Org: string; Repo: string } {
  const [Org = '', Repo = ''] = name.split('/');
  return { Org, Repo };
}

/** GitHub may be slow to list an organisation's repositories. */
async function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const end = (): void => over.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
