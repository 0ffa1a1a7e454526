import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { LRUCache } from 'lru-cache';
import { CutwaterError } from '../../../core/errors.ts';
import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import { OpenLog } from '../log/open-log.ts';
import type { LogSource } from '../source.ts';
import type { Chrome, Theme, View } from '../views.ts';
import { type BuiltPages, loadBuiltPages } from './built.ts';
import { factsOf } from './facts.ts';
import { jobView, WINDOW, windowOf } from './job-page.ts';
import { sendProwJobs } from './prowjobs.ts';
import { streamJob } from './stream.ts';

export interface LogPagesOptions {
  source: LogSource;
}

/** Answers a request where it is for the log pages, and says whether it did. */
export type LogPages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const LOGS_KEPT = 100;
const JOBS_A_PAGE = 50;

const HEADERS: Record<string, string> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/** The list of jobs at `/`, and for programs at `/prowjobs.js`, a page for each at `/view/…/JOB/BUILD`, raw logs at `/log?job=…&id=…` (Prow: cmd/deck/main.go). */
export async function createLogPages({ source }: LogPagesOptions, built?: BuiltPages): Promise<LogPages> {
  const pages = new Pages(source, built ?? (await loadBuiltPages()));
  return (request, response) => pages.handle(request, response);
}

class Pages {
  readonly #source: LogSource;
  readonly #built: BuiltPages;
  readonly #logs = new LRUCache<string, OpenLog>({ max: LOGS_KEPT });

  constructor(source: LogSource, built: BuiltPages) {
    this.#source = source;
    this.#built = built;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const address = request.url ?? '/';
    if (!URL.canParse(address, 'http://deck')) return false;
    const url = new URL(address, 'http://deck');
    const [first = '', ...rest] = url.pathname.split('/').slice(1);
    const mine = ['', 'view', 'log', 'prowjobs.js'].includes(first) || (first === 'deck' && rest[0] === 'assets');
    if (!mine) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...HEADERS, allow: 'GET, HEAD' }).end();
      return true;
    }
    if (first === '') await this.#list(request, response, url);
    else if (first === 'log') await this.#raw(response, url);
    else if (first === 'prowjobs.js') await sendProwJobs(response, this.#source, url.searchParams, HEADERS);
    else if (first === 'deck') await this.#asset(response, rest[1] ?? '');
    else await this.#view(request, response, url, rest);
    return true;
  }

  async #list(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const after = url.searchParams.get('after');
    const { jobs, next } = await this.#source.list({ limit: JOBS_A_PAGE, ...(after ? { after } : {}) });
    const chrome = chromeOf(request, 'Jobs');
    const olderHref = next === undefined ? null : `/?after=${encodeURIComponent(next)}`;
    this.#show(request, response, 200, { kind: 'jobs', chrome, jobs: jobs.map(factsOf), olderHref });
  }

  /** The last two parts name job and build, whatever stands before them: `prowjob/…`, or a bucket and Prow's layout in it. */
  async #view(request: IncomingMessage, response: ServerResponse, url: URL, parts: string[]): Promise<void> {
    const verb = parts.at(-1) === 'lines' || parts.at(-1) === 'live' ? parts.pop() : undefined;
    if (parts.at(-1) === '') parts.pop();
    const [job = '', build = ''] = parts.slice(-2).map(decoded);
    const prowJob = await this.#source.get(job, build);
    if (!prowJob) {
      const words = `No run ${build} of ${job} is known here. It may be older than what is kept.`;
      const chrome = chromeOf(request, 'No such job');
      return this.#show(request, response, 404, { kind: 'message', chrome, heading: 'No such job', words });
    }
    const log = this.#open(prowJob);
    if (verb === 'live') {
      return streamJob(request, response, HEADERS, log, () => this.#source.get(job, build));
    }
    const first = numberOf(url.searchParams.get('from'));
    if (verb === 'lines') {
      const count = Math.min(WINDOW, numberOf(url.searchParams.get('count')) ?? WINDOW);
      return sendJson(response, await windowOf(log, first ?? 1, count));
    }
    const { state } = prowJob.status;
    const chrome = chromeOf(request, `${state}: ${job} ${build}`);
    this.#show(request, response, 200, await jobView(prowJob, log, chrome, first));
  }

  #open(prowJob: ProwJob): OpenLog {
    const name = prowJob.metadata.name ?? '';
    const known = this.#logs.get(name);
    if (known) return known;
    const log = new OpenLog(this.#source, prowJob);
    this.#logs.set(name, log);
    return log;
  }

  /** The log as it is, streamed. Plain text that no browser takes for anything else, readable from other pages as in Prow. */
  async #raw(response: ServerResponse, url: URL): Promise<void> {
    const job = url.searchParams.get('job');
    const id = url.searchParams.get('id');
    const container = url.searchParams.get('container');
    response.setHeader('access-control-allow-origin', '*');
    if (!job) return sendText(response, 400, "missing required query parameter 'job'");
    if (!id) return sendText(response, 400, "missing required query parameter 'id'");
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    const prowJob = await this.#source.get(job, id);
    const options = { from: 0, follow: false, signal: abort.signal, ...(container ? { container } : {}) };
    const stream = prowJob && (await this.#source.log(prowJob, options));
    if (!stream) return sendText(response, 404, `Log not found: no log of job "${job}", id "${id}"`);
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
    await pipeline(stream, response).catch((error: unknown) => {
      if (!abort.signal.aborted)
        throw new CutwaterError('transient', 'The log could not be read to its end', { cause: error });
    });
  }

  async #asset(response: ServerResponse, name: string): Promise<void> {
    const asset = await this.#built.asset(name);
    if (!asset) return sendText(response, 404, 'No such file');
    const lasting = name === 'icon.svg' ? 'max-age=3600' : 'public, max-age=31536000, immutable';
    response.writeHead(200, { ...HEADERS, 'content-type': asset.type, 'cache-control': lasting }).end(asset.bytes);
  }

  #show(request: IncomingMessage, response: ServerResponse, status: number, view: View): void {
    response.writeHead(status, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : this.#built.render(view, this.#built.assets));
  }
}

function chromeOf(request: IncomingMessage, title: string): Chrome {
  const theme = /(?:^|;\s*)deck-theme=(light|dark)/.exec(request.headers.cookie ?? '')?.[1];
  return { now: new Date().toISOString(), theme: (theme ?? 'system') as Theme, title: `${title} · Cutwater` };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function numberOf(text: string | null): number | null {
  return text && /^\d{1,12}$/.test(text) ? Number(text) : null;
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
