/** Where a plugin is on: organisations without the repositories that they leave out, and single repositories as `org/repo`. */
export interface Places {
  orgs: readonly { org: string; without: readonly string[] }[];
  repos: readonly string[];
}

/** A search in the name of one organisation, whose installation of the App it needs. */
export interface Search {
  org: string;
  query: string;
}

const OPEN = 'archived:false is:pr is:open sort:created-desc';

/** One search for each organisation, and one for the single repositories of each (Prow: constructQueries). */
export function searchesFor({ orgs, repos }: Places): Search[] {
  const whole = orgs.map(({ org, without }) => {
    const left = without.map((repo) => ` -repo:"${org}/${repo}"`);
    return { org, query: `${OPEN} org:"${org}"${left.join('')}` };
  });
  const covered = (place: string) => {
    const [owner, repo = ''] = place.split('/');
    return orgs.some(({ org, without }) => org === owner && !without.includes(repo));
  };
  const byOrg = Map.groupBy(
    repos.filter((place) => !covered(place)),
    (place) => place.split('/')[0] ?? '',
  );
  const single = [...byOrg].map(([org, places]) => ({
    org,
    query: `${OPEN}${places.map((place) => ` repo:"${place}"`).join('')}`,
  }));
  return [...whole, ...single];
}
