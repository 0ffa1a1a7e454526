import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, hasCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { KubeClient } from './client.ts';
import { LEASES, pathOf } from './paths.ts';

export interface LeaseOptions {
  client: KubeClient;
  namespace: string;
  /** The Lease's name; Prow's, so that ours and Prow's never lead at the same time. */
  name: string;
  /** Who we are: differs between replicas. */
  identity: string;
  log: Logger;
  /** Of client-go: how long a lease holds, how long its holder tries to renew it, how long between attempts. */
  leaseMs?: number | undefined;
  renewMs?: number | undefined;
  retryMs?: number | undefined;
}

interface Lease {
  apiVersion: 'coordination.k8s.io/v1';
  kind: 'Lease';
  metadata: { name: string; namespace: string; resourceVersion?: string };
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

/**
 * Runs `work` only while we hold the Lease, until `signal` aborts: then `work`'s own signal aborts, and when it has ended the Lease is
 * released, so that a successor starts at once. A Lease that cannot be renewed in time ends `work` as well, and is waited for again.
 * Rejects with `timeout` where `work` does not end before somebody else may begin: the process has to end then.
 */
export async function leadWhile(
  options: LeaseOptions,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const elector = new Elector(options);
  while (!signal.aborted) {
    if (!(await elector.acquire(signal))) return;
    options.log.info({ lease: options.name, identity: options.identity }, 'Became the leader');
    await elector.hold(signal, work);
    options.log.info({ lease: options.name, identity: options.identity }, 'Leads no more');
  }
}

class Elector {
  private readonly options: LeaseOptions;
  private readonly leaseMs: number;
  private readonly renewMs: number;
  private readonly retryMs: number;
  private lease: Lease | undefined;
  /** When the Lease was last seen to change, by our own clock: others' clocks are not trusted (as in client-go). */
  private seenAt = 0;
  private renewedAt = 0;

  constructor(options: LeaseOptions) {
    this.options = options;
    this.leaseMs = options.leaseMs ?? 15_000;
    this.renewMs = options.renewMs ?? 10_000;
    this.retryMs = options.retryMs ?? 2_000;
  }

  /** Waits until the Lease is ours; false where the signal came first. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await this.attempt(signal)) return true;
      await sleep(this.retryMs * (1 + Math.random() / 5), undefined, { signal }).catch(() => {});
    }
    return false;
  }

  async hold(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const lost = new AbortController();
    const workSignal = AbortSignal.any([signal, lost.signal]);
    const finished = new AbortController();
    const working = work(workSignal).finally(() => finished.abort());
    const renewing = this.renewUntilLost(finished.signal).then(() => lost.abort());
    try {
      await Promise.race([working, renewing]);
      if (!finished.signal.aborted) await this.inTime(working);
    } finally {
      await renewing;
      if (finished.signal.aborted && this.isOurs()) await this.release();
    }
  }

  /**
   * Renews until `finished` aborts or the Lease is lost. Goes on while `work` winds down, so that nobody begins before it has ended. An attempt lasts no
   * longer than the time that is left; one that is under way at the end is not cut off, since a write that nobody knows the outcome of could not be released.
   */
  private async renewUntilLost(finished: AbortSignal): Promise<void> {
    while (!finished.aborted) {
      await sleep(this.retryMs, undefined, { signal: finished }).catch(() => {});
      if (finished.aborted) return;
      const left = this.renewedAt + this.renewMs - performance.now();
      const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(left)));
      if (await this.attempt(deadline)) continue;
      if (!this.isOurs() || performance.now() - this.renewedAt >= this.renewMs) return;
    }
  }

  private async inTime(working: Promise<void>): Promise<void> {
    const left = this.leaseMs - (performance.now() - this.renewedAt);
    const timer = new AbortController();
    const late = sleep(Math.max(0, left), undefined, { signal: timer.signal }).then(() => {
      throw new CutwaterError('timeout', `work went on after the lease ${this.options.name} was lost`);
    });
    late.catch(() => {});
    await Promise.race([working, late]).finally(() => timer.abort());
  }

  private isOurs(): boolean {
    return this.lease?.spec.holderIdentity === this.options.identity;
  }

  /** Takes or renews the Lease; false where somebody else holds it or the API server does not answer. */
  private async attempt(signal: AbortSignal): Promise<boolean> {
    const started = performance.now();
    try {
      if (!this.isOurs()) {
        this.see(await this.read(signal));
        if (this.lease && !this.isOurs() && this.isHeld()) return false;
      }
      this.see(await this.write(signal));
      this.renewedAt = started;
      return true;
    } catch (error) {
      // A Lease that was deleted is no longer ours: somebody else may have made a new one already.
      if (hasCode(error, 'conflict') || (hasCode(error, 'not-found') && this.isOurs()))
        this.see(await this.read(signal).catch(() => this.lease));
      else if (!signal.aborted) this.options.log.warn({ err: error, lease: this.options.name }, 'Lease not renewed');
      return false;
    }
  }

  private isHeld(): boolean {
    if (!this.lease?.spec.holderIdentity) return false;
    const duration = (this.lease.spec.leaseDurationSeconds ?? 0) * 1000;
    return performance.now() - this.seenAt < duration;
  }

  private see(lease: Lease | undefined): void {
    if (lease?.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) this.seenAt = performance.now();
    this.lease = lease;
  }

  private async read(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, namespace, name } = this.options;
    const path = pathOf(LEASES, namespace, name);
    return client.request<Lease>({ path, signal, timeoutMs: this.renewMs / 2 }).catch((error: unknown) => {
      if (hasCode(error, 'not-found')) return undefined;
      throw error;
    });
  }

  private async write(signal: AbortSignal): Promise<Lease> {
    const { client, namespace, name, identity } = this.options;
    const now = new Date().toISOString().replace('Z', '000Z');
    const before = this.lease?.spec;
    const ours = this.isOurs();
    const lease: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, ...this.lease?.metadata },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(this.leaseMs / 1000),
        acquireTime: ours && before?.acquireTime ? before.acquireTime : now,
        renewTime: now,
        leaseTransitions: (before?.leaseTransitions ?? 0) + (before && !ours ? 1 : 0),
      },
    };
    return client.request<Lease>({
      method: this.lease ? 'PUT' : 'POST',
      path: this.lease ? pathOf(LEASES, namespace, name) : pathOf(LEASES, namespace),
      body: lease,
      signal,
      timeoutMs: this.renewMs / 2,
    });
  }

  private async release(): Promise<void> {
    const { client, namespace, name, log } = this.options;
    const lease = this.lease;
    if (!lease) return;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    const path = pathOf(LEASES, namespace, name);
    try {
      this.see(
        await client.request<Lease>({ method: 'PUT', path, body: { ...lease, spec }, timeoutMs: this.renewMs / 2 }),
      );
    } catch (error) {
      log.warn({ err: error, lease: name }, 'Lease not released: a successor has to wait for its end');
    }
    this.lease = undefined;
  }
}
