import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CutwaterError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { findRoute, type Route } from './router.ts';

export interface HttpServerOptions {
  /** Mounted handlers; the array may grow while the server runs. */
  routes: Route[];
  log: Logger;
  /** A slow or silent client is cut off: milliseconds for the headers (10,000) and for the whole request (60,000). */
  headersTimeoutMs?: number | undefined;
  requestTimeoutMs?: number | undefined;
}

export interface HttpServer {
  /** The address it listens on, such as `http://127.0.0.1:8888`. */
  url: string;
  port: number;
  /** Accepts nothing new, lets requests under way finish for at most `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

/** One node:http listener over a list of routes. `port` 0 takes a free one; an address in use is a `config` error. */
export async function listen(options: HttpServerOptions, port: number, host?: string): Promise<HttpServer> {
  const server = createServer({
    headersTimeout: options.headersTimeoutMs ?? 10_000,
    requestTimeout: options.requestTimeoutMs ?? 60_000,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 65_000,
  });
  const base = new URL('http://localhost');
  server.on('request', (request, response) => void dispatch(options, base, request, response));
  await opened(server, port, host);
  const address = server.address() as AddressInfo;
  return { url: urlOf(address), port: address.port, close: (graceMs) => closeServer(server, graceMs) };
}

function opened(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new CutwaterError('config', `cannot listen on port ${port}: ${messageOf(error)}`, { cause: error })),
    );
    server.listen(port, host, () => resolve());
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  const wildcard = address === '::' || address === '0.0.0.0';
  const host = wildcard ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

async function dispatch(
  { routes, log }: HttpServerOptions,
  base: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', base);
  if (!url) return answer(response, 400, 'Bad Request');
  const route = findRoute(routes, request.method ?? 'GET', url.pathname);
  if (route === 'none') return answer(response, 404, '404 page not found');
  if (route === 'wrong-method') return answer(response, 405, '405 Method not allowed');
  try {
    await route.handle(request, response, url);
  } catch (error) {
    log.error({ err: error, method: request.method, path: url.pathname }, 'Failed to answer a request');
    if (response.headersSent) response.destroy();
    else answer(response, 500, 'Internal Server Error');
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Sends `text` as plain text. Where the request's body was not read to its end the connection is closed. */
export function answer(response: ServerResponse, status: number, text: string): void {
  const headers: Record<string, string | number> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-Content-Type-Options': 'nosniff',
  };
  if (!response.req.complete && hasBody(response.req)) headers.Connection = 'close';
  response.writeHead(status, headers);
  response.end(text);
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // What is answered from now on would keep its connection open for as long as the other side likes.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
