import type { Owners } from '../../core/plugin/index.ts';

/** A changed file, and who may approve it. */
interface OwnedFile {
  /** Of the nearest OWNERS file (or the Markdown file) that names approvers for it; the root is ''. */
  area: string;
  approvers: ReadonlySet<string>;
}

/** What of a repository a change touches, and who may approve which part. Logins are lower-case. */
export interface Areas {
  /** The areas that need an approval, sorted. */
  names: readonly string[];
  files: readonly OwnedFile[];
  /** Area to everybody who may approve a file in it. */
  approvers: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same, but for each file those of its nearest OWNERS file alone. */
  nearest: ReadonlyMap<string, ReadonlySet<string>>;
}

type Rules = Pick<
  Owners,
  'approvers' | 'leafApprovers' | 'approverDirectory' | 'hasNoParentOwners' | 'autoApprovesUnownedSubfolders'
>;

/** Prow: pkg/plugins/approve/approvers/owners.go, Owners. */
export function areasOf(paths: readonly string[], owners: Rules): Areas {
  const owned = paths.map((path) => ({
    path,
    area: owners.approverDirectory(path),
    approvers: new Set(owners.approvers(path).flat()),
    nearest: owners.leafApprovers(path),
  }));
  const touched = owned
    .filter(({ path, area }) => !(isBelow(path, area) && owners.autoApprovesUnownedSubfolders(area)))
    .map(({ area }) => area);
  const names = outermost(new Set(touched), owners);
  const files = owned.filter(({ area }) => names.includes(area));
  return {
    names,
    files,
    approvers: byArea(files, ({ approvers }) => approvers),
    nearest: byArea(files, ({ nearest }) => nearest),
  };
}

/** Whether the file lies in a folder below the area's own. */
function isBelow(path: string, area: string): boolean {
  const prefix = area === '' ? '' : `${area}/`;
  return path.startsWith(prefix) && path.slice(prefix.length).includes('/');
}

/** Who may approve an area may approve those below it, unless one on the way there wants no owners from above. */
function outermost(areas: ReadonlySet<string>, owners: Rules): string[] {
  return [...areas].filter((area) => !isCoveredFromAbove(area, areas, owners)).sort();
}

function isCoveredFromAbove(area: string, areas: ReadonlySet<string>, owners: Rules): boolean {
  for (let at = area; at !== '' && !owners.hasNoParentOwners(at); ) {
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    if (areas.has(at)) return true;
  }
  return false;
}

function byArea<F extends { area: string }>(files: readonly F[], people: (file: F) => ReadonlySet<string>) {
  const result = new Map<string, Set<string>>();
  for (const file of files) result.set(file.area, (result.get(file.area) ?? new Set()).union(people(file)));
  return result;
}

/** The areas that still hold a file that none of these people may approve. */
export function unapprovedAreas({ files }: Areas, logins: ReadonlySet<string>): Set<string> {
  return new Set(files.filter(({ approvers }) => approvers.isDisjointFrom(logins)).map(({ area }) => area));
}

/** Person to the areas that they may approve something of. */
export function areasByPerson(people: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  for (const [area, logins] of people)
    for (const login of logins) result.set(login, (result.get(login) ?? new Set()).add(area));
  return result;
}
