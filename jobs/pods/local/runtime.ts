import type { V1Container } from '@kubernetes/client-node';
import type { Role } from '../../spec/roles.ts';
import type { Pod } from '../backend.ts';
import type { PodFolders } from './folders.ts';
import type { Mount } from './volumes.ts';

/** What a runtime turns into a program of this machine. */
export interface Planned {
  pod: Pod;
  container: V1Container;
  role: Role;
  folders: PodFolders;
  mounts: Mount[];
  /** What the pod itself says about the environment. */
  env: Map<string, string>;
}

/** How programs of containers come to run here. */
export interface Runtime {
  /** The program for a container. A StartError is how Kubernetes says that there is none. */
  plan(planned: Planned): Promise<{ argv: string[]; env: Record<string, string>; cwd: string } | StartError>;
  /** Asks the container's first process to end. */
  terminate(pod: Pod, container: string, pid: number): Promise<void>;
  /** Takes away what is left of the container beside processes that carry the pod's mark. */
  remove(pod: Pod, container: string): Promise<void>;
  /** Removes a folder that the container wrote to. */
  removeFolder(path: string): Promise<void>;
}

export interface StartError {
  startError: string;
}
