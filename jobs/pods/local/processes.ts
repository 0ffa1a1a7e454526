import { readdir, readFile } from 'node:fs/promises';

/** The variable by which a pod's processes are found again, whatever session or group they moved to. */
export const POD_MARK = 'CUTWATER_POD_UID';

/** Every process of this machine that carries the pod's mark in its environment. Where there is no /proc, none is found: groups have to do. */
export async function processesOf(uid: string): Promise<number[]> {
  const mark = `${POD_MARK}=${uid}`;
  const numbers = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    numbers.map(async (number) => {
      const environment = await readFile(`/proc/${number}/environ`, 'latin1').catch(() => '');
      return environment.split('\0').includes(mark) ? Number(number) : undefined;
    }),
  );
  return marked.filter((number) => number !== undefined);
}

/** Whether the process is there and carries the pod's mark: numbers are given again to others. */
export async function isAlive(pid: number, uid: string): Promise<boolean> {
  if (!signal(pid, 0)) return false;
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => undefined);
  return environment === undefined || environment.split('\0').includes(`${POD_MARK}=${uid}`);
}

/** Sends a signal to a process, or to a group where the number is negative; false where there is none. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Kills everything that carries the pod's mark, again and again until nothing does: it may fork while it is looked for. */
export async function killAll(uid: string): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const found = await processesOf(uid);
    if (found.length === 0) return;
    for (const pid of found) signal(pid, 'SIGKILL');
  }
}
