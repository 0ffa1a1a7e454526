import { join } from 'node:path';

/** Where everything of one pod lies: `<folder>/<pod name>/…`. Names are Kubernetes' (checked by `assertRunnable`), so none leads elsewhere. */
export interface PodFolders {
  root: string;
  /** The pod as last told, so that a restart knows it. */
  record: string;
  /** HOME of the pod's processes, and where they start when no workingDir is given. */
  home: string;
  volumes: string;
  /** Working directories that neither a volume nor this machine has. */
  rootfs: string;
}

export interface ContainerFolders {
  root: string;
  log: string;
  /** Made by whoever starts the container first, so that it is never started twice. */
  claim: string;
  /** The process that waits for the container's first process, and that one itself. */
  supervisor: string;
  pid: string;
  /** The exit code, once there is one. */
  exit: string;
  /** How the container ended, in Kubernetes' words. */
  outcome: string;
  /** That it was started anew after somebody killed it. */
  again: string;
}

export function podFolders(folder: string, pod: string): PodFolders {
  const root = join(folder, pod);
  const inside = (name: string) => join(root, name);
  return {
    root,
    record: inside('pod.json'),
    home: inside('home'),
    volumes: inside('volumes'),
    rootfs: inside('rootfs'),
  };
}

export function containerFolders(pod: PodFolders, container: string): ContainerFolders {
  const root = join(pod.root, 'containers', container);
  const inside = (name: string) => join(root, name);
  return {
    root,
    log: inside('log'),
    claim: inside('claim'),
    supervisor: inside('supervisor'),
    pid: inside('pid'),
    exit: inside('exit'),
    outcome: inside('outcome.json'),
    again: inside('again'),
  };
}
