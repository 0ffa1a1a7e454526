import { LRUCache } from 'lru-cache';
import type { Config } from '../../core/config/config.ts';
import type { Mirrors } from '../../core/git/mirror.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { InRepoJobs } from '../port/configured.ts';
import { inRepoConfig, inRepoEnabled } from './config.ts';
import { jobFiles } from './files.ts';
import { finishProwYaml, type OwnJobs } from './finish.ts';
import { type MergeMethod, mergedTree } from './merge.ts';
import { createInRepoMetrics } from './metrics.ts';
import { type ProwYaml, parseProwYaml } from './parse.ts';

export interface InRepoOptions {
  config(): Pick<Config, 'get'>;
  mirrors: Mirrors;
  /** How Tide merges in a repository; `merge` unless given. */
  mergeMethod?: (org: string, repo: string) => MergeMethod;
  /** Prow's --in-repo-config-cache-size (200). */
  cacheSize?: number | undefined;
  registry: Metrics;
}

interface Place {
  org: string;
  repo: string;
}

interface Kept extends Place {
  yaml: Promise<ProwYaml>;
  /** Finished for the configuration of then. */
  finished?: { config: Pick<Config, 'get'>; jobs: OwnJobs };
}

/** The jobs of `.prow.yaml` and `.prow/`, read from the base with the heads merged into it, and kept by commits. */
export function createInRepoJobs(options: InRepoOptions): InRepoJobs {
  const { config, mirrors, mergeMethod = () => 'merge', cacheSize = 200 } = options;
  const metrics = createInRepoMetrics(options.registry);
  const cache = new LRUCache<string, Kept>({
    max: cacheSize,
    dispose: ({ org, repo }, _key, reason) => {
      metrics.size.dec({ org, repo });
      if (reason === 'evict') metrics.forced.inc({ org, repo });
    },
  });

  function find(place: Place, base: string, heads: readonly string[]): Kept {
    const { org, repo } = place;
    const method = mergeMethod(org, repo);
    const key = JSON.stringify([org, repo, method, base, ...heads]);
    metrics.lookups.inc({ org, repo });
    const known = cache.get(key);
    if (known) {
      metrics.hits.inc({ org, repo });
      return known;
    }
    metrics.misses.inc({ org, repo });
    const kept: Kept = { org, repo, yaml: read(place, base, heads, method) };
    cache.set(key, kept);
    metrics.size.inc({ org, repo });
    kept.yaml.catch(() => {
      if (cache.peek(key) !== kept) return;
      cache.delete(key);
      metrics.manual.inc({ org, repo });
    });
    return kept;
  }

  async function read(place: Place, base: string, heads: readonly string[], method: MergeMethod): Promise<ProwYaml> {
    const { org, repo } = place;
    const fetched = metrics.fetching.startTimer({ org, repo });
    return mirrors.use(org, repo, async (mirror) => {
      await mirror.fetchCommits([base, ...heads]);
      fetched();
      const ended = metrics.merging.startTimer({ org, repo });
      const files = await jobFiles(mirror, await mergedTree(mirror, base, heads, method));
      ended();
      return parseProwYaml(files);
    });
  }

  async function jobsOf(place: Place, base: string, heads: readonly string[]): Promise<OwnJobs> {
    const { org, repo } = place;
    const now = config();
    if (!inRepoEnabled(now.get(inRepoConfig), `${org}/${repo}`)) return { presubmits: [], postsubmits: [] };
    const ended = metrics.duration.startTimer({ org, repo });
    try {
      const kept = find(place, base, heads);
      const yaml = await kept.yaml;
      if (kept.finished?.config !== now) kept.finished = { config: now, jobs: finishProwYaml(now, yaml, org, repo) };
      return kept.finished.jobs;
    } finally {
      ended();
    }
  }

  return {
    enabledFor: (org, repo) => inRepoEnabled(config().get(inRepoConfig), `${org}/${repo}`),
    presubmits: async (_gh, at, { baseSha, headSha }) => (await jobsOf(at, baseSha, [headSha])).presubmits,
    postsubmits: async (_gh, at, sha) => (await jobsOf(at, sha, [])).postsubmits,
  };
}
