import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { ContainerFolders } from './folders.ts';
import { cut, sayCut, tail } from './log-file.ts';
import { isAlive, signal } from './processes.ts';
import { type Terminated, terminated } from './status.ts';
import { exitOf, type Launch, numberIn, startSupervised } from './supervise.ts';

/** How often the log's size is looked at while a container runs, and its end where it is not our child. */
const POLL = 200;
/** What kubelet takes of a failed container's log for its message: so many bytes (FallbackToLogsOnError). */
const MESSAGE_BYTES = 2_048;
/** The exit code of what was killed. */
export const KILLED = 137;

/** The container's processes are gone and nobody wrote an exit code: the machine was stopped, or somebody killed them all. */
export class LostError extends Error {}

export interface ContainerOptions {
  folders: ContainerFolders;
  uid: string;
  logLimit: number;
  messageFromLog: boolean;
}

/** One container of a pod: a program with a log, which ends once and whose end is on disk. */
export class Container {
  private readonly options: ContainerOptions;
  private killed = false;

  constructor(options: ContainerOptions) {
    this.options = options;
  }

  /** How it ended, should it have. */
  async outcome(): Promise<Terminated | undefined> {
    const text = await readFile(this.options.folders.outcome, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as Terminated);
  }

  /** Writes down how it ended; `text` goes to its log where there is no program to write one. */
  async end(outcome: Terminated, text?: string): Promise<Terminated> {
    const { root, log, outcome: path } = this.options.folders;
    await mkdir(root, { recursive: true });
    if (text !== undefined) await writeFile(log, text, { flag: 'a' });
    await writeFile(`${path}.tmp`, JSON.stringify(outcome));
    await rename(`${path}.tmp`, path);
    return outcome;
  }

  /** Whether somebody has started it before, this process or one that was here before it. */
  async isClaimed(): Promise<boolean> {
    return (await stat(this.options.folders.claim).catch(() => undefined)) !== undefined;
  }

  /** Forgets that it ran, so that it can be started anew; true only once in its life. */
  async forget(): Promise<boolean> {
    const { again, outcome, exit, pid, supervisor, claim } = this.options.folders;
    try {
      await writeFile(again, '', { flag: 'wx' });
    } catch {
      return false;
    }
    // The claim goes last: as long as it is there nobody starts the program.
    for (const path of [outcome, exit, pid, supervisor, claim]) await rm(path, { force: true });
    return true;
  }

  /** Starts the program and waits for its end. */
  async run(launch: Launch): Promise<Terminated> {
    const { child, exited } = await startSupervised(this.options.folders, launch);
    return this.watch(exited, child);
  }

  /** Waits for the end of a program that was started by the process that was here before us. */
  async adopt(): Promise<Terminated> {
    return this.watch(this.disappearance());
  }

  /** Number of the first process; undefined where it is not there (any more). */
  async pid(): Promise<number | undefined> {
    const number = await numberIn(this.options.folders.pid);
    return number !== undefined && (await isAlive(number, this.options.uid)) ? number : undefined;
  }

  /** Ends it at once, all of its process group. */
  async kill(): Promise<void> {
    this.killed = true;
    const group = await numberIn(this.options.folders.supervisor);
    if (group !== undefined && (await isAlive(group, this.options.uid))) signal(-group, 'SIGKILL');
  }

  private async watch(exited: Promise<void>, child?: ChildProcess): Promise<Terminated> {
    const { folders, logLimit, messageFromLog } = this.options;
    const startedAt = await this.startedAt();
    const over = Promise.withResolvers<void>();
    const trimming = this.keepShort(over.promise);
    await exited;
    over.resolve();
    const leftOut = await trimming;
    const exit = await exitOf(folders);
    // What the first process left running in its group ends with it, as in a container.
    if (child?.pid !== undefined) signal(-child.pid, 'SIGKILL');
    const cutNow = leftOut + (await cut(folders.log, logLimit));
    if (cutNow > 0) await sayCut(folders.log, logLimit, cutNow);
    if (!exit && !this.killed && child?.signalCode === undefined) throw new LostError('no exit code');
    const code = exit?.code ?? KILLED;
    const message = code !== 0 && messageFromLog ? await tail(folders.log, MESSAGE_BYTES) : undefined;
    return this.end(terminated(code, startedAt, (exit?.at ?? new Date()).toISOString(), message));
  }

  private async startedAt(): Promise<string> {
    const { claim, root } = this.options.folders;
    const found = (await stat(claim).catch(() => undefined)) ?? (await stat(root));
    return found.mtime.toISOString();
  }

  private async keepShort(over: Promise<void>): Promise<number> {
    const { folders, logLimit } = this.options;
    let leftOut = 0;
    let going = true;
    void over.then(() => {
      going = false;
    });
    while (going) {
      leftOut += await cut(folders.log, logLimit);
      const pause = new AbortController();
      await Promise.race([over, wait(POLL, undefined, { signal: pause.signal }).catch(() => {})]);
      pause.abort();
    }
    return leftOut;
  }

  private async disappearance(): Promise<void> {
    const { folders, uid } = this.options;
    // A claim without a supervisor's number is of a shell that was only just starting, or was killed in that very moment.
    for (let round = 0; round < 5 && (await numberIn(folders.supervisor)) === undefined; round += 1) await wait(POLL);
    const supervisor = await numberIn(folders.supervisor);
    while (supervisor !== undefined && (await isAlive(supervisor, uid)) && !(await exitOf(folders))) await wait(POLL);
  }
}
