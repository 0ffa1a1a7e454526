import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOrgAdmin } from '../model/access.ts';
import { accountByLogin } from '../model/lookup.ts';
import type { Account } from '../model/records.ts';
import { notFound, Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import { loadBuiltPage } from '../page/server/built.ts';
import { isSameOrigin, PAGE_HEADERS } from '../page/server/guard.ts';
import { cookiesOf, readFields } from '../page/server/http.ts';
import { installApp, offerApp } from '../seed/manifest.ts';
import { readManifest } from './form.ts';
import { confirmPage, document, installPage } from './pages.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Where an App's manifest leads back to is another place; the form that makes the App goes there. */
const HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy': PAGE_HEADERS['content-security-policy'].replace("form-action 'self'", 'form-action *'),
};

/**
 * GitHub's pages for registering an App from a manifest and for installing it: `POST /settings/apps/new` and `/organizations/ORG/settings/apps/new`,
 * which any page may send a form to, a confirmation, and `/apps/SLUG/installations/new`.
 */
export function registrationPages(world: World): Handler {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const page = pageFor(url.pathname);
    if (!page) return false;
    try {
      await page({ world, request, response, url });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
      response.end(`${error.message}\n`);
    }
    return true;
  };
}

interface Visit {
  world: World;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

function pageFor(path: string): ((visit: Visit) => Promise<void>) | undefined {
  const org = /^\/organizations\/([^/]+)\/settings\/apps\/new$/.exec(path)?.[1];
  if (org !== undefined || path === '/settings/apps/new') return (visit) => confirm(visit, org);
  if (path === '/settings/apps/create') return create;
  const slug = /^\/apps\/([^/]+)\/installations\/new$/.exec(path)?.[1];
  return slug === undefined ? undefined : (visit) => install(visit, slug);
}

/** Who looks: the person that the sandbox's page acts as. */
function visitor({ world, request }: Visit): Account {
  const found = accountByLogin(world, cookiesOf(request).get('acting-as') ?? 'alice');
  if (!found) throw new Refusal(401, 'Nobody is logged in');
  return found;
}

function ownerFor(visit: Visit, login: string | undefined): Account {
  const person = visitor(visit);
  const owner = login === undefined ? person : accountByLogin(visit.world, login);
  if (!owner || !isOrgAdmin(visit.world, owner, person)) throw notFound();
  return owner;
}

async function fieldsOf({ request }: Visit): Promise<URLSearchParams> {
  if (request.method !== 'POST') throw notFound();
  const fields = await readFields(request);
  if (!fields) throw new Refusal(413, 'The form is too long');
  return fields;
}

async function confirm(visit: Visit, org: string | undefined): Promise<void> {
  const fields = await fieldsOf(visit);
  const owner = ownerFor(visit, org);
  const text = fields.get('manifest') ?? '';
  const state = visit.url.searchParams.get('state') ?? '';
  await show(visit, 'Create GitHub App', confirmPage(owner.login, readManifest(text), text, state));
}

async function create(visit: Visit): Promise<void> {
  const fields = await fieldsOf(visit);
  if (!isSameOrigin(visit.request.headers)) throw new Refusal(403, 'The request came from another page');
  const owner = ownerFor(visit, fields.get('owner') ?? undefined);
  const manifest = readManifest(fields.get('manifest') ?? '');
  const code = offerApp(visit.world, owner.login, { ...manifest, name: fields.get('name') || manifest.name });
  const back = new URL(manifest.redirectUrl);
  back.searchParams.set('code', code);
  const state = fields.get('state');
  if (state) back.searchParams.set('state', state);
  visit.response.writeHead(303, { ...HEADERS, location: back.href }).end();
}

async function install(visit: Visit, slug: string): Promise<void> {
  const { world, request, response } = visit;
  const app = world.apps.all().find((it) => it.slug === slug);
  if (!app) throw notFound();
  const person = visitor(visit);
  const accounts = world.accounts.all().filter((it) => it.type !== 'Bot' && isOrgAdmin(world, it, person));
  if (request.method === 'GET')
    return show(
      visit,
      `Install ${app.name}`,
      installPage(
        slug,
        accounts.map((it) => it.login),
      ),
    );
  const fields = await fieldsOf(visit);
  if (!isSameOrigin(request.headers)) throw new Refusal(403, 'The request came from another page');
  const account = accounts.find((it) => it.login === fields.get('account'));
  if (!account) throw notFound();
  installApp(world, app, account);
  response.writeHead(303, { ...HEADERS, location: app.setupUrl || '/' }).end();
}

/** The sandbox's own style sheet; plain pages where it was never built. */
async function show({ response }: Visit, title: string, body: string): Promise<void> {
  const style = await loadBuiltPage().then(
    ({ assets }) => assets.style,
    () => undefined,
  );
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
  response.end(document(title, body, style));
}
