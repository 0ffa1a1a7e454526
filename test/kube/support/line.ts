import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { KubeTarget } from '../../../core/kube/kubeconfig.ts';

/** A line to an API server that a test can spoil. */
export interface Line {
  /** The same API server, over this line. */
  target: KubeTarget;
  /** Connections that stand say nothing any more and are not closed, as behind a firewall that forgot them; new ones work. */
  silence(): void;
  /** Nothing gets through, until mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openLine(target: KubeTarget): Promise<Line> {
  const { hostname, port } = new URL(target.server);
  const sockets = new Set<Socket>();
  let away = false;
  const server = createServer((near) => {
    if (away) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    target: { ...target, server: `https://127.0.0.1:${(server.address() as AddressInfo).port}` },
    silence() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    cut() {
      away = true;
      hangUp();
    },
    mend() {
      away = false;
    },
    async close() {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
