import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeTarget } from './kubeconfig.ts';

/** An API server of a test's own making: `answer` gets each request in turn. */
export async function fakeApiServer(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>,
): Promise<{ target: KubeTarget; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await answer(request, response, Buffer.concat(chunks).toString());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      skipVerify: false,
      user: { token: 'token-of-the-test' },
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function reply(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}
