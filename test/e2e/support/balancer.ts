import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before replicas: each request goes to the next of them; one that does not answer is told to the sender as a 502. */
export async function startBalancer(targets: readonly string[]) {
  let turn = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const target = targets[turn++ % targets.length];
    const given = Object.entries(request.headers).filter(([name]) => name.startsWith('x-') || name === 'content-type');
    const headers = given.map(([name, value]) => [name, String(value)] as [string, string]);
    try {
      const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) });
      response.writeHead(answer.status).end(await answer.text());
    } catch {
      response.writeHead(502).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
