import { CutwaterError } from '../errors.ts';
import { type Bound, once, port, read, state, write } from '../ports/port.ts';
import type { Bug, BugComment, BugUpdate, Bugzilla, LinkedPull, NewBug } from './bugzilla.ts';

/** Bugzilla for plugins; `url` is undefined where there is none. */
export function bugzillaPort(bugzilla: Bugzilla | undefined) {
  const there = (): Bugzilla => {
    if (!bugzilla) throw new CutwaterError('invalid', '--bugzilla-endpoint is not given');
    return bugzilla;
  };
  return port(
    'bugzilla',
    {},
    {
      url: read(async (): Promise<string | undefined> => bugzilla?.url),
      bug: state((_gh, _at, id: number): Promise<Bug> => there().bug(id)),
      pulls: state((_gh, _at, id: number): Promise<LinkedPull[]> => there().pulls(id)),
      comments: read((_gh, _at, id: number): Promise<BugComment[]> => there().comments(id)),
      subComponents: read((_gh, _at, id: number): Promise<Record<string, string[]>> => there().subComponents(id)),
      update: write((_gh, _at, id: number, update: BugUpdate): Promise<void> => there().update(id, update)),
      addPull: write((_gh, _at, id: number, pull: LinkedPull): Promise<boolean> => there().addPull(id, pull)),
      removePull: write((_gh, _at, id: number, pull: LinkedPull): Promise<boolean> => there().removePull(id, pull)),
      create: once(
        (_gh, _at, bug: NewBug): Promise<number> => there().create(bug),
        (_gh, _at, since, bug) => there().createdSince(bug.summary, since),
      ),
      comment: once(
        async (_gh, _at, id: number, comment: string): Promise<true> => {
          await there().comment(id, comment);
          return true;
        },
        async (_gh, _at, since, id, comment): Promise<true | undefined> => {
          const all = await there().comments(id);
          return (
            all.some(({ text, time }) => text === comment && Date.parse(time) >= since.getTime() - 1000) || undefined
          );
        },
      ),
    },
  );
}

declare module '../ports/index.ts' {
  interface PortMap {
    bugzilla: Bound<ReturnType<typeof bugzillaPort>>;
  }
}
