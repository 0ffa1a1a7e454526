import type { IncomingMessage, ServerResponse } from 'node:http';
import { accountByLogin, isPull } from '../../model/lookup.ts';
import type { Repo } from '../../model/records.ts';
import { Refusal } from '../../model/refusal.ts';
import type { World } from '../../model/world.ts';
import type { Answer, View } from '../views.ts';
import { type BuiltPage, loadBuiltPage } from './built.ts';
import { commandRows, helpReader } from './commands.ts';
import { type Reading, repoOfPath, repoPath } from './context.ts';
import { submitForm, themeOf, wordsOf } from './forms.ts';
import { isOwnHost, isSameOrigin, PAGE_HEADERS } from './guard.ts';
import { cookiesOf, readFields, setCookies } from './http.ts';
import { messageView } from './list-views.ts';
import { streamView } from './live.ts';
import { numberOf, type Place, placeOf, viewOf } from './routes.ts';
import { statusesOf } from './rows.ts';

export interface PageOptions {
  world: World;
  /** Forgets everything and seeds anew: what "Start over" does. */
  startOver(): Promise<void>;
  /** "acme/widgets": what the first page shows. */
  repo: string;
  /** Logins that one can act as: maintainer, contributor, stranger, in this order. */
  people: readonly string[];
  /** The bot's `/plugin-help`; null where it has none. May be a function where the address comes later. */
  pluginHelpUrl: string | null | (() => string | null);
  /** Where logs are shown; null leaves the link out. */
  jobsUrl: string | null | (() => string | null);
  /** Files that the bot runs with, shown on the page *Configuration*. */
  configFiles?: readonly string[];
  /** Host names besides addresses and localhost under which the page may be reached. */
  hosts?: readonly string[];
}

/** Answers a request where it is for the page, and says whether it did. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The sandbox's page over a world. `built` is what `npm run prepare` made, unless another is given. */
export async function createPage(options: PageOptions, built?: BuiltPage): Promise<PageHandler> {
  const page = new SandboxPage(options, built ?? (await loadBuiltPage()));
  return (request, response) => page.handle(request, response);
}

const ARRIVALS_KEPT = 20_000;

class SandboxPage {
  readonly #options: PageOptions;
  readonly #built: BuiltPage;
  readonly #arrivals = new Map<number, number>();
  readonly #help: () => ReturnType<ReturnType<typeof helpReader>>;

  constructor(options: PageOptions, built: BuiltPage) {
    this.#options = options;
    this.#built = built;
    let url: string | null = null;
    let read = helpReader(url);
    this.#help = () => {
      const now = resolved(options.pluginHelpUrl);
      if (now !== url) read = helpReader(now);
      url = now;
      return read();
    };
    options.world.feed.subscribe(({ id }) => {
      this.#arrivals.set(id, Date.now());
      const oldest = this.#arrivals.size > ARRIVALS_KEPT ? this.#arrivals.keys().next().value : undefined;
      if (oldest !== undefined) this.#arrivals.delete(oldest);
    });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const place = placeOf(request.url ?? '/');
    const root = (request.url ?? '/').split('?')[0] === '/';
    if (!place && !root) return false;
    const repo = place?.owner && place.name ? repoOfPath(this.#options.world, place.owner, place.name) : this.#home();
    if (!repo) return false;
    if (place?.owner && !isPagePath(place.parts)) return false;
    if (!isOwnHost(request.headers.host, this.#options.hosts)) {
      response.writeHead(421, PAGE_HEADERS).end('This page answers under its own address only.\n');
      return true;
    }
    if (root || !place) this.#landing(response, repo);
    else if (request.method === 'POST') await this.#post(request, response, place, repo);
    else if (request.method === 'GET' || request.method === 'HEAD') await this.#get(request, response, place, repo);
    else response.writeHead(405, { ...PAGE_HEADERS, allow: 'GET, HEAD, POST' }).end();
    return true;
  }

  #home(): Repo | undefined {
    const [owner = '', name = ''] = this.#options.repo.split('/');
    return repoOfPath(this.#options.world, owner, name);
  }

  /** The first page is the oldest open pull request of a person who is no stranger. */
  #landing(response: ServerResponse, repo: Repo): void {
    const { world, people } = this.#options;
    const stranger = accountByLogin(world, people[2] ?? '')?.id;
    const maintainer = accountByLogin(world, people[0] ?? '')?.id;
    const open = world.issues
      .in(repo.id)
      .filter(isPull)
      .filter(({ state }) => state === 'open');
    const first = open.find(({ authorId }) => authorId !== stranger && authorId !== maintainer) ?? open[0];
    const home = repoPath(world, repo);
    response.writeHead(302, { ...PAGE_HEADERS, location: first ? `${home}/pull/${first.number}` : `${home}/pulls` });
    response.end();
  }

  #reading(request: IncomingMessage, repo: Repo): Reading | undefined {
    const { world, jobsUrl } = this.#options;
    const people = this.#options.people.flatMap((login) => accountByLogin(world, login) ?? []);
    const cookies = cookiesOf(request);
    const actor = people.find(({ login }) => login === cookies.get('acting-as')) ?? people[0];
    if (!actor) return undefined;
    return {
      world,
      repo,
      actor,
      people,
      theme: themeOf(cookies.get('theme')),
      readLog: cookies.get('read-log') === '1',
      jobsUrl: resolved(jobsUrl),
      arrivals: this.#arrivals,
    };
  }

  async #get(request: IncomingMessage, response: ServerResponse, place: Place, repo: Repo): Promise<void> {
    const [first, second] = place.parts;
    if (place.owner === null && first === 'assets') return this.#asset(response, second ?? '');
    const reading = this.#reading(request, repo);
    if (!reading) return void response.writeHead(503, PAGE_HEADERS).end('The sandbox has no people yet.\n');
    if (place.owner === null && first === 'live') return this.#live(request, response, place);
    if (place.owner === null && first === 'commands') return this.#commands(response, place);
    if (first === 'pull' && place.parts[2] === 'log') return this.#log(response, reading, place);
    const view = await viewOf(reading, place, this.#options.configFiles ?? []);
    this.#show(request, response, view ?? messageView(reading, 'No such page', 'Nothing is at this address.'), !view);
  }

  #show(request: IncomingMessage, response: ServerResponse, view: View, missing: boolean): void {
    const status = missing || view.kind === 'message' ? 404 : 200;
    const headers = { ...PAGE_HEADERS, vary: 'accept, cookie' };
    if (wantsJson(request)) {
      sendJson(response, status, view);
      return;
    }
    const html = this.#built.render(view, this.#built.assets);
    response.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : html);
  }

  async #asset(response: ServerResponse, name: string): Promise<void> {
    const asset = await this.#built.asset(name);
    if (!asset) return void response.writeHead(404, PAGE_HEADERS).end();
    const lasting = name === 'icon.svg' ? 'max-age=3600' : 'public, max-age=31536000, immutable';
    response.writeHead(200, { ...PAGE_HEADERS, 'content-type': asset.type, 'cache-control': lasting });
    response.end(asset.bytes);
  }

  async #live(request: IncomingMessage, response: ServerResponse, { query }: Place): Promise<void> {
    const place = placeOf(query.get('path') ?? '');
    const since = numberOf(query.get('since') ?? headerOf(request, 'last-event-id'));
    await streamView(request, response, this.#options.world, since, async () => {
      const repo = place?.owner && place.name ? repoOfPath(this.#options.world, place.owner, place.name) : this.#home();
      const reading = repo && this.#reading(request, repo);
      return place && reading ? viewOf(reading, place, this.#options.configFiles ?? []) : undefined;
    });
  }

  async #commands(response: ServerResponse, { query }: Place): Promise<void> {
    const { world } = this.#options;
    const place = placeOf(query.get('path') ?? '');
    const repo = place?.owner && place.name ? repoOfPath(world, place.owner, place.name) : this.#home();
    const number = numberOf(place?.parts[1]);
    const issue = repo && number !== null ? world.issues.by(`${repo.id}#${number}`) : undefined;
    const subject = {
      repo: repo ? repoPath(world, repo).slice(1) : this.#options.repo,
      kind: issue && !issue.pull ? ('issue' as const) : ('pull' as const),
      closed: issue?.state === 'closed',
    };
    sendJson(response, 200, commandRows(await this.#help(), subject));
  }

  /** Leads to the log that a status links to, and remembers that one was read. */
  #log(response: ServerResponse, { world, repo }: Reading, { parts, query }: Place): void {
    const issue = world.issues.by(`${repo.id}#${numberOf(parts[1])}`);
    const statuses = issue?.pull ? statusesOf(world, repo, issue.pull.headSha) : [];
    const target = statuses.find(({ context }) => context === query.get('context'))?.targetUrl ?? '';
    if (!/^https?:\/\//i.test(target))
      return void response.writeHead(404, PAGE_HEADERS).end('No log is linked here.\n');
    const cookies = setCookies({ 'read-log': '1' });
    response.writeHead(302, { ...PAGE_HEADERS, location: target, 'set-cookie': cookies }).end();
  }

  async #post(request: IncomingMessage, response: ServerResponse, place: Place, repo: Repo): Promise<void> {
    if (!isSameOrigin(request.headers)) {
      return sendProblem(request, response, 403, 'The request came from another page. Open the sandbox itself.');
    }
    const fields = await readFields(request);
    if (!fields) return sendProblem(request, response, 413, 'The text is too long');
    const reading = this.#reading(request, repo);
    if (!reading) return sendProblem(request, response, 503, 'The sandbox has no people yet');
    try {
      const outcome = await submitForm({ reading, startOver: this.#options.startOver }, place, fields);
      if (!outcome) return sendProblem(request, response, 404, 'There is no such form');
      const cookies = outcome.cookies ? { 'set-cookie': setCookies(outcome.cookies) } : {};
      if (!wantsJson(request)) {
        return void response.writeHead(303, { ...PAGE_HEADERS, location: outcome.to, ...cookies }).end();
      }
      const answer: Answer = { ok: true, to: outcome.to, ...(outcome.say ? { say: outcome.say } : {}) };
      sendJson(response, 200, answer, cookies);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendProblem(request, response, error.status, wordsOf(error));
    }
  }
}

const SECTIONS = new Set([undefined, 'pull', 'pulls', 'issues', 'compare']);

/** Whether a path below a repository is a page; the rest (git, raw files) belongs to others. */
function isPagePath(parts: string[]): boolean {
  return SECTIONS.has(parts[0]);
}

function resolved(value: string | null | (() => string | null)): string | null {
  return typeof value === 'function' ? value() : value;
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

function wantsJson(request: IncomingMessage): boolean {
  return request.headers.accept === 'application/json';
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { ...PAGE_HEADERS, ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendProblem(request: IncomingMessage, response: ServerResponse, status: number, problem: string): void {
  const answer: Answer = { ok: false, problem };
  if (wantsJson(request)) {
    sendJson(response, status, answer);
    return;
  }
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${problem}\nGo back to keep what you wrote.\n`);
}
