import { readdir, readFile } from 'node:fs/promises';
import { kubectlJson } from './kubectl.ts';

interface ContainerStatuses {
  status: { containerStatuses?: { name: string; containerID?: string }[] };
}

/** Kills a container without a word, as a crash or the kernel's out-of-memory killer does: the node is this machine. */
export async function killContainer(namespace: string, pod: string, container: string): Promise<void> {
  const { status } = await kubectlJson<ContainerStatuses>(['--namespace', namespace, 'get', 'pod', pod]);
  const id = status.containerStatuses?.find(({ name }) => name === container)?.containerID?.replace(/^.*:\/\//, '');
  if (!id) throw new Error(`${pod} has no running container ${container}`);
  const processes = await processesOf(id);
  if (processes.length === 0) throw new Error(`no process of ${pod}/${container} is on this machine`);
  for (const pid of processes) process.kill(pid, 'SIGKILL');
}

async function processesOf(containerId: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
    return cgroup.includes(containerId) ? [Number(pid)] : [];
  });
  return (await Promise.all(found)).flat();
}
