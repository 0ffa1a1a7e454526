import type { ProwJob } from '../api/prowjob.ts';
import { ANY_CLUSTER, type Pod, type PodEvent } from '../pods/backend.ts';
import type { FollowEvent } from '../store/follow.ts';
import { ActiveJobs } from './active-jobs.ts';
import { carryOut } from './carry-out.ts';
import type { Decision, Facts } from './facts.ts';
import { buildIdOf } from './pod-outcome.ts';
import { PodView } from './pod-view.ts';
import type { ControllerPorts } from './ports.ts';
import { WorkQueue } from './queue.ts';
import { reconcile } from './reconcile.ts';
import { WaitingJobs } from './waiting.ts';

/** The pod-runner controller: takes in what happens to jobs and pods, decides about each job by `reconcile`, and does it. */
export class Controller {
  private readonly ports: ControllerPorts;
  private readonly jobs = new ActiveJobs();
  private readonly pods = new PodView();
  private readonly waiting = new WaitingJobs();
  private readonly queue: WorkQueue;

  constructor(ports: ControllerPorts) {
    this.ports = ports;
    this.queue = new WorkQueue({
      work: (name) => this.work(name),
      workers: () => ports.config().max_goroutines,
      // A cluster that does not answer keeps its own jobs waiting, and no others.
      lane: (name) => this.laneOf(name),
      log: ports.log,
      ...(ports.observer && { observer: ports.observer }),
    });
  }

  observeJobs(event: FollowEvent): void {
    if (event.type === 'listed') {
      const listed = new Set(event.jobs.map((job) => job.metadata.name ?? ''));
      for (const name of this.jobs.names()) if (!listed.has(name)) this.forget(name);
      // Those that wait for longest come first.
      for (const job of event.jobs.toReversed()) this.take(job);
    } else if (event.type === 'deleted') this.forget(event.job.metadata.name ?? '', event.resourceVersion);
    else this.take(event.job);
  }

  observePod(event: PodEvent): void {
    const name = this.pods.observe(event);
    const { podSelector } = this.ports;
    if (podSelector?.matches(event.pod.metadata.labels ?? {}) !== false) this.queue.add(name);
  }

  /** Takes nothing up any more; resolves when what was begun is done. */
  stop(): Promise<void> {
    return this.queue.stop();
  }

  private take(job: ProwJob): void {
    const { name = '' } = job.metadata;
    const before = this.jobs.get(name);
    this.jobs.put(job);
    if (this.jobs.get(name)) {
      for (const older of this.jobs.older(job)) this.queue.add(older);
    } else if (before) this.ended(before);
    this.queue.add(name);
  }

  private forget(name: string, resourceVersion?: string): void {
    const before = this.jobs.get(name);
    this.jobs.remove(name, resourceVersion);
    if (before) this.ended(before);
  }

  /** A job that ended makes room for those that wait. */
  private ended(job: ProwJob): void {
    this.waiting.place(job, undefined);
    for (const name of this.waiting.wakenBy(job)) this.queue.add(name);
  }

  private async work(name: string): Promise<number | undefined> {
    const job = this.jobs.get(name);
    if (!job) {
      await this.clearLeftover(name);
      return undefined;
    }
    const pod = await this.podOf(job);
    const latest = this.jobs.get(name);
    if (!latest) return undefined;
    return this.decide(latest, pod);
  }

  private async decide(job: ProwJob, pod: Pod | undefined): Promise<number | undefined> {
    const { name = '' } = job.metadata;
    // Up to the mark there is no await: nobody else decides on the same counts.
    const decision = reconcile(this.facts(job, pod));
    const starts = job.status.state === 'triggered' && (decision.do === 'start' || decision.do === 'adopt');
    if (starts) this.jobs.markStarting(name);
    const next = this.waiting.place(job, decision.do === 'wait' ? decision.limit : undefined);
    if (next !== undefined) this.queue.add(next);
    try {
      return await this.carryOut(job, decision);
    } catch (error) {
      // A pod that is there takes its place, also where that could not be written on the job yet.
      if (starts && !this.pods.known(name)) {
        this.jobs.unmarkStarting(name);
        this.ended(job);
      }
      throw error;
    }
  }

  private async carryOut(job: ProwJob, decision: Decision): Promise<number | undefined> {
    const { log } = this.ports;
    log.debug({ name: job.metadata.name, job: job.spec.job, do: decision.do, reason: decision.reason }, 'decided');
    const cluster = clusterAlias(job);
    const made = (pod: Pod) => this.pods.put(pod);
    const changed = await carryOut({ ...this.ports, cluster, made }, job, decision);
    if (changed) this.take(changed);
    return decision.do === 'wait' ? decision.after : undefined;
  }

  private facts(job: ProwJob, pod: Pod | undefined): Facts {
    const newer = this.jobs.newer(job);
    return {
      job,
      pod,
      cluster: this.cluster(clusterAlias(job)),
      config: this.ports.config(),
      now: this.ports.now(),
      pending: this.jobs.pending(job),
      sameJob: this.jobs.aheadOfJob(job),
      sameQueue: this.jobs.aheadInQueue(job),
      ...(newer !== undefined && { newer }),
    };
  }

  private cluster(alias: string): Facts['cluster'] {
    const found = this.ports.pods
      .clusters()
      .find((cluster) => cluster.alias === alias || cluster.alias === ANY_CLUSTER);
    return { ...found, alias, known: found !== undefined };
  }

  private laneOf(name: string): string {
    const job = this.jobs.get(name);
    return job ? clusterAlias(job) : '';
  }

  /** A triggered job has no pod that the watch does not know, but where a controller was killed: creating it says so then. */
  private podOf(job: ProwJob): Promise<Pod | undefined> | Pod | undefined {
    const { name = '' } = job.metadata;
    const { known, problem } = this.cluster(clusterAlias(job));
    if (job.status.state !== 'pending' || !known || problem !== undefined) return this.pods.known(name);
    return this.pods.find(this.ports.pods, clusterAlias(job), name);
  }

  /** A pod whose job was ended by us and which was to be deleted, but we were killed in between. */
  private async clearLeftover(name: string): Promise<void> {
    const pod = this.pods.known(name);
    const phase = pod?.status?.phase ?? 'Pending';
    if (!pod || pod.metadata.deletionTimestamp !== undefined || (phase !== 'Pending' && phase !== 'Running')) return;
    const job = await this.ports.store.get(name);
    if (job?.status.completionTime === undefined) return;
    const { state, build_id: own } = job.status;
    // One of another build was made by who did not know yet that the job has ended.
    const foreign = own !== undefined && buildIdOf(pod) !== '' && buildIdOf(pod) !== own;
    // An OOM kill ends the job while the other containers still run and upload.
    if (!foreign && state !== 'aborted' && !(state === 'error' && phase === 'Pending')) return;
    await this.ports.pods.delete(clusterAlias(job), name);
  }
}

function clusterAlias(job: ProwJob): string {
  return job.spec.cluster || 'default';
}
