import { CutwaterError, type EventContext, parseYaml } from '../../core/plugin/index.ts';

const CONFIG = 'https://raw.githubusercontent.com/kubernetes/test-infra/master/config/prow/config.yaml';
const JOBS = 'https://prow.k8s.io/prowjobs.js?omit=annotations,labels,decoration_config,pod_spec';
const FAST_FORWARD = 'ci-fast-forward';
const REPO = 'kubernetes/kubernetes';
/** The list of all jobs takes its time. */
const LARGE = { timeoutMs: 60_000, maxBytes: 200_000_000 };

/** What testfreeze sees. */
export const NEEDS = ['comments', 'repo', 'web'] as const;
type Context = Pick<EventContext<'pull_request', (typeof NEEDS)[number]>, 'ports' | 'log'>;

export interface Freeze {
  code: boolean;
  test: boolean;
  /** The release branch that it is about. */
  branch: string;
  /** The release that is to come. */
  tag: string;
  /** When the release branch was last brought up to date. */
  lastFastForward: string;
}

interface Version {
  major: number;
  minor: number;
}

/**
 * There is a test freeze while the newest release branch has no release; there is a code freeze while tide leaves out the branch, or the one that
 * comes next (Prow: pkg/plugins/testfreeze/checker).
 */
export async function freezeNow(context: Context): Promise<Freeze> {
  const { ports } = context;
  const latest = newestRelease((await ports.repo.branches()).map(({ name }) => name));
  if (!latest) throw new CutwaterError('not-found', 'no latest release branch found');
  const released = (await ports.repo.ref(`tags/${tagOf(latest)}`)) !== undefined;
  const excluded = await excludedBranches(context);
  const next = { major: latest.major, minor: latest.minor + 1 };
  const isNext = released && !excluded.has(branchOf(latest)) && excluded.has(branchOf(next));
  const about = isNext ? next : latest;
  return {
    code: excluded.has(branchOf(about)),
    test: !released,
    branch: branchOf(about),
    tag: tagOf(about),
    lastFastForward: released ? '' : await lastFastForward(context),
  };
}

const branchOf = ({ major, minor }: Version): string => `release-${major}.${minor}`;
const tagOf = ({ major, minor }: Version): string => `v${major}.${minor}.0`;

function newestRelease(branches: readonly string[]): Version | undefined {
  return branches
    .flatMap((name) => {
      const [, major, minor] = /^release-(\d+)\.(\d+)$/.exec(name) ?? [];
      return major && minor ? [{ major: Number(major), minor: Number(minor) }] : [];
    })
    .sort((a, b) => b.major - a.major || b.minor - a.minor)[0];
}

interface TideConfig {
  tide?: { queries?: { repos?: string[]; excludedBranches?: string[] }[] };
}

/** None where the configuration cannot be had: then nobody is told of a code freeze. */
async function excludedBranches({ ports, log }: Context): Promise<Set<string>> {
  try {
    const config = parseYaml((await ports.web.get(CONFIG)).body, CONFIG) as TideConfig | null;
    const queries = (config?.tide?.queries ?? []).filter(({ repos = [] }) => repos.includes(REPO));
    return new Set(queries.flatMap(({ excludedBranches: branches = [] }) => branches));
  } catch (err) {
    log.error({ err }, 'the configuration that says whether there is a code freeze cannot be read');
    return new Set();
  }
}

interface Jobs {
  items?: { spec?: { job?: string }; status?: { state?: string; completionTime?: string } }[];
}

async function lastFastForward({ ports, log }: Context): Promise<string> {
  try {
    const jobs = JSON.parse((await ports.web.get(JOBS, LARGE)).body) as Jobs;
    const last = jobs.items?.find(({ spec, status }) => spec?.job === FAST_FORWARD && status?.state === 'success');
    const at = last?.status?.completionTime;
    return at === undefined ? 'unknown' : unixDate(new Date(at));
  } catch (err) {
    log.error({ err }, 'the last fast forward cannot be found');
    return 'unknown';
  }
}

/** As Go's time.UnixDate: `Mon Jan  2 15:04:05 UTC 2006`. */
function unixDate(date: Date): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = date.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} UTC ${year}`;
}
