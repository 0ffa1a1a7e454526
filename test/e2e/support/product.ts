import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../cli/launch.mjs', import.meta.url));

/** The program as an operator starts it: a process of its own, that can be stopped, killed and started again. */
export interface Product {
  url: string;
  start(): Promise<void>;
  /** Ctrl-C; gives the exit code. */
  stop(): Promise<number | null>;
  /** kill -9, of the program alone: what it started is its own affair. */
  kill(): Promise<void>;
  log(): string;
}

/** `command` stands before the flags; `start` unless given. */
export async function createProduct(
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
  command: readonly string[] = [],
): Promise<Product> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let log = '';

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  return {
    url,
    log: () => log,
    async start() {
      child = spawn(process.execPath, [LAUNCHER, ...command, `--port=${port}`, ...flags], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const { stdout, stderr } = child;
      for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk));
      await ready(url, child, () => log);
    },
    stop: () => end('SIGINT'),
    kill: async () => void (await end('SIGKILL')),
  };
}

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(`${url}/healthz/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
