import { z } from 'zod';
import type { Fact } from '../inbox/facts.ts';
import type { NoteStore } from '../inbox/store.ts';
import type { Logger } from '../log.ts';

const Progress = z.object({
  /** Whose Octokit may read it; empty for the App itself. */
  owner: z.string(),
  /** When we heard of it first: what was before is none of ours. Milliseconds since 1970, like all times here. */
  firstAt: z.number(),
  /** Up to when its deliveries have been looked through. */
  sweptAt: z.number(),
});

/** A webhook of GitHub's that we have heard of. */
export interface KnownHook extends z.infer<typeof Progress> {
  /** Where GitHub lists its deliveries: `/app/hook`, `/orgs/acme/hooks/1` or `/repos/acme/x/hooks/1`. */
  path: string;
  /** When the last delivery came from it, about. */
  heardAt: number;
}

/** What a delivery tells about the webhook that it came from. */
interface Arrived {
  headers: Record<string, string>;
  body?: unknown;
}

/** The webhooks that we know, kept beside the inbox, for all replicas. */
export interface HookBook {
  hooks(): Promise<KnownHook[]>;
  /** Remembers the webhook that a delivery came from; cheap for one that is known. */
  note(delivery: Arrived): void;
  /** A webhook whose deliveries were looked through up to `sweptAt`. */
  add(hook: Pick<KnownHook, 'path' | 'owner' | 'sweptAt'>): Promise<void>;
  swept(hook: KnownHook, at: number): Promise<void>;
  forget(hook: KnownHook): Promise<void>;
}

/** The webhook that a delivery came from, by its headers; `undefined` where they do not say. */
export function hookOf({ headers, body }: Arrived): Pick<KnownHook, 'path' | 'owner'> | undefined {
  const id = headers['x-github-hook-id'] ?? '';
  const type = headers['x-github-hook-installation-target-type'];
  if (type === 'integration') return { path: '/app/hook', owner: '' };
  if (!/^\d+$/.test(id)) return undefined;
  const { organization, repository } = (body ?? {}) as {
    organization?: { login?: string };
    repository?: { full_name?: string; owner?: { login?: string } };
  };
  const owner = organization?.login ?? repository?.owner?.login;
  if (type === 'organization' && owner) return { path: `/orgs/${owner}/hooks/${id}`, owner };
  const name = repository?.full_name;
  if (type !== 'repository' || !name) return undefined;
  return { path: `/repos/${name}/hooks/${id}`, owner: name.split('/')[0] ?? '' };
}

const HOOKS = ':hooks';
const HEARD = ':hooks-heard';
/** How far back the deliveries of a webhook are looked through that was not known before. */
const FIRST_LOOK_MS = 3_600_000;
/** How often it is written down that a webhook still sends. */
const HEARD_EVERY_MS = 3_600_000;

/** The last that is written counts, also where the clock was set back. */
function note(key: string, field: string, value: string): Fact {
  return { key, field, value, at: 0, told: true };
}

export function openHookBook(notes: NoteStore, log: Logger): HookBook {
  const heard = new Map<string, number>();

  function write(path: string, progress: z.infer<typeof Progress>): Promise<void> {
    return notes.remember([note(HOOKS, path, JSON.stringify(progress))]);
  }

  async function add({ path, owner, sweptAt }: Pick<KnownHook, 'path' | 'owner' | 'sweptAt'>): Promise<void> {
    const known = await notes.facts(HOOKS);
    if (!known.some(({ field }) => field === path)) await write(path, { owner, firstAt: Date.now(), sweptAt });
  }

  async function hear(hook: Pick<KnownHook, 'path' | 'owner'>): Promise<void> {
    await add({ ...hook, sweptAt: Date.now() - FIRST_LOOK_MS });
    await notes.remember([note(HEARD, hook.path, String(Date.now()))]);
  }

  return {
    async hooks() {
      const [known, signs] = await Promise.all([notes.facts(HOOKS), notes.facts(HEARD)]);
      const heardAt = new Map(signs.map(({ field, value }) => [field, Number(value)]));
      return known.map(({ field, value }) => {
        const progress = Progress.parse(JSON.parse(value));
        return { path: field, ...progress, heardAt: heardAt.get(field) ?? progress.firstAt };
      });
    },
    add,
    note(delivery) {
      const hook = hookOf(delivery);
      if (!hook || Date.now() - (heard.get(hook.path) ?? 0) < HEARD_EVERY_MS) return;
      heard.set(hook.path, Date.now());
      hear(hook).catch((error: unknown) => {
        heard.delete(hook.path);
        log.warn({ hook: hook.path, err: error }, 'Cannot remember a webhook');
      });
    },
    swept: ({ path, owner, firstAt }, at) => write(path, { owner, firstAt, sweptAt: at }),
    async forget({ path }) {
      heard.delete(path);
      await notes.forget(HOOKS, path);
      await notes.forget(HEARD, path);
    },
  };
}
