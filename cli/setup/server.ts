import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../core/errors.ts';
import { readBody } from '../../core/hook/body.ts';
import { healthRoutes } from '../../core/hook/instrumentation.ts';
import type { Handler, Route } from '../../core/hook/router.ts';
import { answer, type HttpServer, listen } from '../../core/hook/server.ts';
import { channelOf } from '../../core/hook/tunnel.ts';
import type { Logger } from '../../core/log.ts';
import type { GitHubHosts } from '../components/github-hosts.ts';
import type { AppCredentials, CredentialPlace } from '../github-app/app.ts';
import { type BuiltSetup, loadBuiltSetup } from './built.ts';
import { type Claim, createClaim } from './claim.ts';
import { convert } from './convert.ts';
import { manifestFor, newAppUrl, readAppFile } from './manifest.ts';
import type { CreateView, SetupView } from './views.ts';
import { isLoopback, type WebhookPlace, webhookPlaceOf } from './webhook.ts';

export interface SetupOptions {
  hosts: GitHubHosts;
  place: CredentialPlace;
  port: number;
  /** Where people, and GitHub, reach this program, where that is known. */
  publicUrl: string | undefined;
  /** A channel that webhooks come through. */
  webhookProxy: string | undefined;
  webhookPath: string;
  /** The organization that the App is offered for first; empty for one's own account. */
  org: string;
  log: Logger;
}

/** The page that creates the App. */
export interface Setup {
  /** The link that claims it, for the terminal alone. */
  link: string;
  /** Resolves when the App's credentials are kept. */
  done: Promise<AppCredentials>;
  close(): Promise<void>;
}

const COOKIE = 'cutwater-setup';
const LONGEST_FORM = 10_000;
const NEW_CHANNEL = 'https://smee.io/new';

/** Serves the set-up until an App is there. Everything but `/healthz` and the style sheet needs the link from the terminal. */
export async function openSetup(options: SetupOptions): Promise<Setup> {
  const done = Promise.withResolvers<AppCredentials>();
  const routes: Route[] = [];
  const server = await listen({ routes, log: options.log }, options.port);
  const local = server.url.replace('//127.0.0.1', '//localhost');
  const pages = new SetupPages(options, server, await loadBuiltSetup(), done.resolve);
  routes.push(
    ...pages.routes(),
    ...healthRoutes(
      () => false,
      () => 'waiting for the set-up',
    ),
  );
  return {
    link: `${(options.publicUrl ?? local).replace(/\/+$/, '')}/setup?key=${pages.key}`,
    done: done.promise,
    close: () => server.close(1000),
  };
}

/** A page's visit: the request, and where it came to. */
interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

class SetupPages {
  readonly #options: SetupOptions;
  readonly #built: BuiltSetup;
  readonly #finish: (credentials: AppCredentials) => void;
  readonly #claim: Claim = createClaim();
  #base: string;
  #webhook: WebhookPlace | undefined;
  /** Made by GitHub, which hands them out once, and not kept yet. */
  #unkept: AppCredentials | undefined;
  #busy = false;

  constructor(options: SetupOptions, server: HttpServer, built: BuiltSetup, finish: (app: AppCredentials) => void) {
    const { publicUrl, webhookProxy, webhookPath, hosts } = options;
    this.#options = options;
    this.#built = built;
    this.#finish = finish;
    this.#base = (publicUrl ?? server.url).replace(/\/+$/, '');
    if (webhookProxy) this.#webhook = { url: webhookProxy, proxy: webhookProxy };
    else if (isLoopback(hosts.web)) this.#webhook = { url: `${server.url}${webhookPath}` };
    else if (publicUrl && !isLoopback(publicUrl)) this.#webhook = { url: `${this.#base}${webhookPath}` };
  }

  get key(): string {
    return this.#claim.key;
  }

  routes(): Route[] {
    const owned = (handle: (visit: Visit) => Promise<void> | void): Handler => {
      return (request, response, url) => {
        if (this.#claim.owns(cookieOf(request))) return handle({ request, response, url });
        return this.#turnAway({ request, response, url });
      };
    };
    return [
      { method: 'GET', path: '/', handle: (_request, response) => redirect(response, '/setup') },
      { method: 'GET', path: '/setup', handle: (request, response, url) => this.#enter({ request, response, url }) },
      { method: 'GET', path: '/setup/created', handle: owned((visit) => this.#created(visit)) },
      { method: 'POST', path: '/setup/webhook', handle: owned((visit) => this.#chooseWebhook(visit)) },
      { method: 'POST', path: '/setup/keep', handle: owned((visit) => this.#keepAgain(visit)) },
      { method: 'GET', prefix: '/setup/assets/', handle: (_request, response, url) => this.#asset(response, url) },
      {
        prefix: this.#options.webhookPath,
        handle: (_request, response) => answer(response, 503, 'waiting for the set-up'),
      },
    ];
  }

  #enter(visit: Visit): void {
    const { request, response, url } = visit;
    const key = url.searchParams.get('key');
    if (key === null) {
      if (this.#claim.owns(cookieOf(request))) this.#showForm(visit, orgProblem(this.#orgOf(visit)));
      else this.#turnAway(visit);
      return;
    }
    const cookie = this.#claim.open(key);
    const from = request.socket.remoteAddress;
    if (cookie === undefined) {
      this.#options.log.warn({ from }, 'Somebody came with a set-up link that is wrong or used');
      this.#turnAway(visit);
      return;
    }
    this.#options.log.info({ from }, 'The set-up link was opened; if that was not you, stop the program');
    if (!this.#options.publicUrl && request.headers.host) this.#base = `http://${request.headers.host}`;
    const secure = this.#base.startsWith('https:') ? '; Secure' : '';
    // Lax, as GitHub's page leads back here.
    response.setHeader('set-cookie', `${COOKIE}=${cookie}; Path=/setup; HttpOnly; SameSite=Lax${secure}`);
    redirect(response, '/setup');
  }

  #turnAway(visit: Visit): void {
    this.#show(visit, 403, {
      kind: 'message',
      heading: 'Open the link in the terminal',
      words:
        'Cutwater printed a link when it started. It is good for one browser; start the program again for a new one.',
    });
  }

  #showForm(visit: Visit, problem: string): void {
    const { state } = this.#claim;
    if (this.#unkept) this.#showUnkept(visit, '');
    else if (this.#webhook) this.#show(visit, problem ? 422 : 200, this.#createView(visit, this.#webhook, problem));
    else this.#show(visit, problem ? 422 : 200, { kind: 'webhook', state, problem });
  }

  #createView(visit: Visit, webhook: WebhookPlace, problem: string): Bare<CreateView> {
    const { state } = this.#claim;
    const { hosts, place } = this.#options;
    const org = this.#orgOf(visit);
    const app = readAppFile();
    return {
      kind: 'create',
      state,
      host: new URL(hosts.web).host,
      action: newAppUrl(hosts.web, orgProblem(org) ? '' : org, state),
      manifest: JSON.stringify(manifestFor(app, { base: this.#base, webhookUrl: webhook.url })),
      org,
      name: app.name,
      webhookUrl: webhook.url,
      permissions: Object.entries(app.default_permissions).map(([name, level]) => ({
        name: name.replaceAll('_', ' '),
        level,
      })),
      events: app.default_events,
      keptIn: place.name,
      problem,
    };
  }

  #orgOf({ url }: Visit): string {
    return (url.searchParams.get('org') ?? this.#options.org).trim();
  }

  async #chooseWebhook(visit: Visit): Promise<void> {
    const fields = await this.#fields(visit);
    if (!fields) return this.#showForm(visit, 'That form was not this page’s. Send it again.');
    const { hosts, webhookPath } = this.#options;
    try {
      if (fields.get('channel') === 'new') {
        const proxy = await channelOf(NEW_CHANNEL);
        this.#webhook = { url: proxy, proxy };
      } else this.#webhook = webhookPlaceOf(fields.get('url') ?? '', hosts.web, webhookPath);
    } catch (error) {
      return this.#showForm(visit, messageOf(error));
    }
    redirect(visit.response, '/setup');
  }

  /** GitHub comes back with a code. A code that belongs to no form of ours may be an App of a stranger's. */
  async #created(visit: Visit): Promise<void> {
    const code = visit.url.searchParams.get('code') ?? '';
    if (!this.#claim.isState(visit.url.searchParams.get('state')) || !/^[\w-]{1,200}$/.test(code))
      return this.#showForm(visit, 'GitHub’s answer does not belong to this form. Create the App from here.');
    if (this.#unkept) return this.#keep(visit, this.#unkept);
    if (this.#busy) return this.#showForm(visit, 'The App is being set up already.');
    this.#busy = true;
    try {
      const made = await convert(code, this.#options.hosts.endpoints, this.#options.log);
      const proxy = this.#webhook?.proxy;
      this.#unkept = proxy ? { ...made, webhookProxy: proxy } : made;
      await this.#keep(visit, this.#unkept);
    } catch (error) {
      this.#options.log.error({ err: error }, 'GitHub did not hand out the keys of the App');
      this.#showForm(visit, `${messageOf(error)}. If GitHub made an App, delete it there and create it again.`);
    } finally {
      this.#busy = false;
    }
  }

  async #keepAgain(visit: Visit): Promise<void> {
    const fields = await this.#fields(visit);
    if (!fields || !this.#unkept) return redirect(visit.response, '/setup');
    return this.#keep(visit, this.#unkept);
  }

  async #keep(visit: Visit, credentials: AppCredentials): Promise<void> {
    const { place, log } = this.#options;
    try {
      await place.save(credentials);
    } catch (error) {
      log.error({ err: error }, 'The credentials of the App could not be kept');
      return this.#showUnkept(visit, messageOf(error));
    }
    log.info({ app: credentials.slug, owner: credentials.owner, kept: place.name }, 'The GitHub App is there');
    visit.response.once('close', () => this.#finish(credentials));
    redirect(visit.response, `${credentials.url}/installations/new`);
  }

  #showUnkept(visit: Visit, problem: string): void {
    this.#show(visit, 500, {
      kind: 'message',
      heading: 'The App is there, but its keys are not kept',
      words: `${problem || `They could not be written to ${this.#options.place.name}`}. GitHub hands them out only once: mend this while the program runs, and try again.`,
      again: { action: '/setup/keep', label: 'Try again', state: this.#claim.state },
    });
  }

  /** A form of this page; `undefined` for any other. */
  async #fields({ request }: Visit): Promise<URLSearchParams | undefined> {
    const body = await readBody(request, LONGEST_FORM);
    if (!Buffer.isBuffer(body)) return undefined;
    const fields = new URLSearchParams(body.toString());
    return this.#claim.isState(fields.get('state')) ? fields : undefined;
  }

  async #asset(response: ServerResponse, url: URL): Promise<void> {
    const asset = await this.#built.asset(url.pathname.slice('/setup/assets/'.length));
    if (!asset) return answer(response, 404, '404 page not found');
    response.writeHead(200, { ...headersFor([]), 'content-type': asset.type }).end(asset.bytes);
  }

  #show({ request, response }: Visit, status: number, view: Bare<SetupView>): void {
    const theme = /(?:^|;\s*)deck-theme=(light|dark)/.exec(request.headers.cookie ?? '')?.[1];
    const headers = headersFor([this.#options.hosts.web]);
    response.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8' });
    response.end(this.#built.render({ ...view, theme: (theme ?? 'system') as SetupView['theme'] }, this.#built));
  }
}

/** A view before its chrome is put around it. */
type Bare<V extends SetupView> = V extends SetupView ? Omit<V, 'theme'> : never;

/** An organization's login, as GitHub allows them. */
function orgProblem(org: string): string {
  return org === '' || /^[a-z\d](?:-?[a-z\d])*$/i.test(org) ? '' : `${org} is no login of an organization.`;
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1];
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...headersFor([]), location }).end();
}

/** Nothing from elsewhere, nothing inline, no frame around it, no address handed on; forms go to us and to GitHub. */
function headersFor(forms: readonly string[]): Record<string, string> {
  return {
    'content-security-policy': `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' ${forms.join(' ')}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}
