import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { createKubeClient, type KubeClient } from './client.ts';
import { type KubeOptions, kubeconfigFiles, loadClusters, type Surroundings } from './contexts.ts';
import type { KubeTarget } from './kubeconfig.ts';

/** One cluster, under all the names that it goes by. */
export interface KubeCluster {
  aliases: string[];
  client: KubeClient;
}

export interface ClustersOptions extends KubeOptions {
  log: Logger;
  /** How often the files are looked at; inotify does not see what Kubernetes does to mounted secrets on every file system. */
  pollMs?: number | undefined;
  surroundings?: Surroundings | undefined;
}

const POLL_MS = 10_000;

/** The clusters of the kubeconfig files, kept up to date with them: a file that has become wrong is reported, and the old clusters stay. */
export class KubeClusters {
  private readonly options: ClustersOptions;
  private readonly closing = new AbortController();
  private readonly listeners = new Set<() => void>();
  private byKey = new Map<string, KubeCluster>();
  private signature: string | undefined;
  private targets = new Map<string, KubeTarget>();

  private constructor(options: ClustersOptions) {
    this.options = options;
  }

  /** Throws `config` or `usage` where the files or flags are wrong. Nothing is connected to yet. */
  static async open(options: ClustersOptions): Promise<KubeClusters> {
    const clusters = new KubeClusters(options);
    await clusters.load();
    void clusters.poll();
    return clusters;
  }

  all(): KubeCluster[] {
    return [...this.byKey.values()];
  }

  find(alias: string): KubeCluster | undefined {
    return this.all().find(({ aliases }) => aliases.includes(alias));
  }

  /** A client that stays good when the files change. Its requests throw `not-found` while there is no such cluster. */
  client(alias: string): KubeClient {
    const current = () => {
      const cluster = this.find(alias);
      if (!cluster) throw new CutwaterError('not-found', `no cluster "${alias}" in the kubeconfig`);
      return cluster.client;
    };
    return {
      get server() {
        return current().server;
      },
      request: async (request) => current().request(request),
      open: async (request) => current().open(request),
      distrust: () => this.find(alias)?.client.distrust(),
      // The clients belong to the clusters.
      close() {},
    };
  }

  /** Calls back after every change; the result ends that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closing.abort();
    for (const { client } of this.byKey.values()) client.close();
  }

  private async poll(): Promise<void> {
    const { signal } = this.closing;
    for (;;) {
      await sleep(this.options.pollMs ?? POLL_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        if (await this.load()) for (const listener of this.listeners) listener();
      } catch (error) {
        this.options.log.error({ err: error }, 'Kubeconfig refused, the clusters stay as they were');
      }
    }
  }

  /** Reads the files where they have changed; true where that changed a cluster. */
  private async load(): Promise<boolean> {
    const { log, surroundings } = this.options;
    const signature = await signatureOf(kubeconfigFiles(this.options, surroundings));
    if (signature === this.signature) return this.regroup(this.targets);
    this.signature = signature;
    this.targets = loadClusters(this.options, surroundings);
    log.info({ contexts: [...this.targets.keys()] }, 'Kubeconfig loaded');
    return this.regroup(this.targets);
  }

  private async regroup(targets: Map<string, KubeTarget>): Promise<boolean> {
    const wanted = new Map<string, { target: KubeTarget; aliases: string[] }>();
    for (const [alias, target] of targets) {
      const key = `${JSON.stringify(target)} ${await signatureOf(certificatesOf(target))}`;
      const group = wanted.get(key) ?? { target, aliases: [] };
      group.aliases.push(alias);
      wanted.set(key, group);
    }
    if (sameGroups(this.byKey, wanted)) return false;
    const before = this.byKey;
    this.byKey = new Map();
    for (const [key, { target, aliases }] of wanted)
      this.byKey.set(key, { aliases, client: before.get(key)?.client ?? createKubeClient(target) });
    for (const [key, { client }] of before) if (!wanted.has(key)) client.close();
    return true;
  }
}

function sameGroups(a: Map<string, { aliases: string[] }>, b: Map<string, { aliases: string[] }>): boolean {
  return (
    a.size === b.size && [...b].every(([key, { aliases }]) => a.get(key)?.aliases.join('\n') === aliases.join('\n'))
  );
}

/** Tokens in files are read again anyway; of certificates, only a new client takes notice. */
function certificatesOf({ caFile, user }: KubeTarget): string[] {
  return [caFile, user['client-certificate'], user['client-key']].filter((file) => file !== undefined);
}

async function signatureOf(files: string[]): Promise<string> {
  const parts = files.map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return `${file} ${found?.ino} ${found?.size} ${found?.mtimeMs}`;
  });
  return (await Promise.all(parts)).join('\n');
}
