/** One account that the App is installed on, with the repositories that it may see there. */
export interface InstalledAccount {
  account: string;
  suspended: boolean;
  /** `org/name`, as GitHub writes them. */
  repos: readonly string[];
}

/** What the configuration names against where the App is. Names are as their source writes them. */
export interface Coverage {
  /** Organisations and repositories (`org/name`) that are configured and where the App is not, or is suspended. */
  notInstalled: string[];
  /** Repositories that the App sees and that no part of the configuration is about. */
  notConfigured: string[];
  /** Repositories that are both. */
  served: number;
}

/** Compares places of the configuration, `org` or `org/name`, with what is installed; GitHub does not tell upper from lower case. */
export function coverage(configured: Iterable<string>, installed: readonly InstalledAccount[]): Coverage {
  const wanted = new Map([...configured].map((place) => [place.toLowerCase(), place]));
  const active = installed.filter(({ suspended }) => !suspended);
  const accounts = new Set(active.map(({ account }) => account.toLowerCase()));
  const repos = active.flatMap((one) => one.repos);
  const known = new Set(repos.map((name) => name.toLowerCase()));
  const notInstalled = [...wanted].filter(([key]) => !(key.includes('/') ? known : accounts).has(key));
  const [served, notConfigured] = split(repos, (name) => {
    const key = name.toLowerCase();
    return wanted.has(key) || wanted.has(key.split('/')[0] ?? '');
  });
  return {
    notInstalled: notInstalled.map(([, place]) => place).sort(),
    notConfigured: notConfigured.sort(),
    served: served.length,
  };
}

function split<T>(all: readonly T[], holds: (one: T) => boolean): [T[], T[]] {
  return [all.filter(holds), all.filter((one) => !holds(one))];
}
