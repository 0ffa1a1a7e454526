import path from 'node:path';
import { CutwaterError } from '../errors.ts';
import { createGate, type Gate } from './gate.ts';

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Where a repository's mirror is, and who may work with it now. */
export interface MirrorPlace {
  dir: string;
  gate: Gate;
  /** Fetches of one repository take turns, so that what one brings is there for the next. */
  turn: Gate;
  dirty: boolean;
  /** What an earlier process left in it is gone. */
  swept: boolean;
}

/** The places of the mirrors in a folder, the same for a repository each time. */
export function mirrorPlaces(folder: string): (org: string, repo: string) => MirrorPlace {
  const places = new Map<string, MirrorPlace>();
  return (org, repo) => {
    const key = keyOf(org, repo);
    const found = places.get(key) ?? {
      dir: path.join(folder, key),
      gate: createGate(),
      turn: createGate(),
      dirty: false,
      swept: false,
    };
    places.set(key, found);
    return found;
  };
}

/** The folder's name of a repository. Names that GitHub would not allow are refused: they could lead elsewhere. */
function keyOf(org: string, repo: string): string {
  for (const name of [org, repo])
    if (!NAME.test(name) || /^\.+$/.test(name))
      throw new CutwaterError('invalid', `${JSON.stringify(name)} is no name of an organization or repository`);
  // GitHub's names are the same in any case.
  return path.join(org.toLowerCase(), `${repo.toLowerCase()}.git`);
}
