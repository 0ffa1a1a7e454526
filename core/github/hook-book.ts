import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../log.ts';

const KnownHook = z.object({
  /** Where GitHub lists its deliveries: `/app/hook`, `/orgs/acme/hooks/1` or `/repos/acme/x/hooks/1`. */
  path: z.string(),
  /** Whose Octokit may read it; empty for the App itself. */
  owner: z.string(),
  /** Up to when its deliveries have been looked through, in milliseconds since 1970. */
  sweptAt: z.number(),
});
const Book = z.array(KnownHook);

/** A webhook of GitHub's that we have heard of. */
export type KnownHook = z.infer<typeof KnownHook>;

/** What a delivery tells about the webhook that it came from. */
interface Arrived {
  headers: Record<string, string>;
  body?: unknown;
}

export interface HookBook {
  hooks(): readonly KnownHook[];
  /** Remembers the webhook that a delivery came from; cheap for one that is known. */
  note(delivery: Arrived): void;
  add(hook: KnownHook): void;
  swept(path: string, at: number): void;
}

/** The webhook that a delivery came from, by its headers; `undefined` where they do not say. */
export function hookOf({ headers, body }: Arrived): Omit<KnownHook, 'sweptAt'> | undefined {
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

/** How far back the deliveries of a webhook are looked through that was not known before. */
const FIRST_LOOK_MS = 3_600_000;

/** Keeps what is known in a file, so that it is known after a restart. */
export function openHookBook(path: string, log: Logger): HookBook {
  const known = new Map(read(path, log).map((hook) => [hook.path, hook]));

  function save(): void {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify([...known.values()]));
      renameSync(`${path}.new`, path);
    } catch (error) {
      log.warn({ path, err: error }, 'Cannot keep the list of webhooks');
    }
  }

  function add(hook: KnownHook): void {
    if (known.has(hook.path)) return;
    known.set(hook.path, hook);
    save();
  }

  return {
    hooks: () => [...known.values()],
    add,
    note(delivery) {
      const hook = hookOf(delivery);
      if (hook && !known.has(hook.path)) add({ ...hook, sweptAt: Date.now() - FIRST_LOOK_MS });
    },
    swept(hookPath, at) {
      const hook = known.get(hookPath);
      if (!hook) return;
      hook.sweptAt = at;
      save();
    },
  };
}

function read(path: string, log: Logger): KnownHook[] {
  try {
    return Book.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT')
      log.warn({ path, err: error }, 'Cannot read the list of webhooks');
    return [];
  }
}
