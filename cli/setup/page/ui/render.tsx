import { renderToString } from 'preact-render-to-string';
import type { CreateView, MessageView, SetupView, WebhookView } from '../../views.ts';

/** A whole document; the set-up needs no script. Everything in it goes through preact's escaping. */
export function renderDocument(view: SetupView, assets: { style: string }): string {
  const chosen = view.theme === 'system' ? '' : ` data-theme="${view.theme}"`;
  return `<!doctype html>
<html lang="en"${chosen}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Set up · Cutwater</title>
<link rel="icon" href="/setup/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/setup/assets/${assets.style}">
</head>
<body>
${renderToString(<Page view={view} />)}
</body>
</html>
`;
}

function Page({ view }: { view: SetupView }) {
  return (
    <>
      <header class="topbar">
        <a class="skip" href="#content">
          Skip to content
        </a>
        <span class="brand">
          <svg class="brand-mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d="M9.4 1.2C6.1 5.6 3.6 11 2.6 18.4L9.4 14.6z" />
            <path d="M10.6 1.2c3.3 4.4 5.8 9.8 6.8 17.2l-6.8-3.8z" opacity="0.55" />
          </svg>
          <span>Cutwater</span>
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        {view.kind === 'create' ? <Create view={view} /> : null}
        {view.kind === 'webhook' ? <Webhook view={view} /> : null}
        {view.kind === 'message' ? <Message view={view} /> : null}
      </main>
    </>
  );
}

function Create({ view }: { view: CreateView }) {
  const owner = view.org === '' ? `your own account on ${view.host}` : view.org;
  return (
    <>
      <h1>Create the GitHub App</h1>
      <p class="second">
        GitHub asks once more, makes the App, and comes back here with its keys, which are kept in {view.keptIn}. Then
        you choose the repositories that it may see.
      </p>
      <Problem words={view.problem} />
      <form method="post" action={view.action} class="card">
        <input type="hidden" name="manifest" value={view.manifest} />
        <dl class="facts">
          <dt>Name</dt>
          <dd>{view.name}, or another that you choose on GitHub</dd>
          <dt>Owner</dt>
          <dd>{owner}</dd>
          <dt>Webhooks</dt>
          <dd>
            <code>{view.webhookUrl}</code>
          </dd>
        </dl>
        <button type="submit" class="button primary">
          Create on {view.host}
        </button>
      </form>
      <form method="get" action="/setup" class="card">
        <label for="org">Organization that shall own the App</label>
        <p id="org-hint" class="hint">
          Leave it empty for your own account. An App can be installed on other accounts later if you make it public on
          GitHub.
        </p>
        <div class="line">
          <input
            id="org"
            name="org"
            value={view.org}
            aria-describedby="org-hint"
            autocomplete="off"
            spellcheck={false}
          />
          <button type="submit" class="button">
            Change the owner
          </button>
        </div>
      </form>
      <Elsewhere state={view.state} />
      <section class="card">
        <h2>What the App may do</h2>
        <dl class="facts">
          {view.permissions.map(({ name, level }) => (
            <>
              <dt>{name}</dt>
              <dd>{level}</dd>
            </>
          ))}
        </dl>
        <p class="hint">It hears of: {view.events.join(', ')}.</p>
      </section>
    </>
  );
}

function Webhook({ view }: { view: WebhookView }) {
  return (
    <>
      <h1>How does GitHub reach this machine?</h1>
      <p class="second">
        GitHub sends what happens to an address that the internet can reach. This program knows none yet.
      </p>
      <Problem words={view.problem} />
      <WebhookForms state={view.state} />
    </>
  );
}

/** The same choice, for those who want another address after all. */
function Elsewhere({ state }: { state: string }) {
  return (
    <details class="card">
      <summary>Let webhooks go to another address</summary>
      <WebhookForms state={state} />
    </details>
  );
}

function WebhookForms({ state }: { state: string }) {
  return (
    <div class="choices">
      <form method="post" action="/setup/webhook">
        <input type="hidden" name="state" value={state} />
        <label for="url">The address that leads to this program, or to a smee channel</label>
        <p id="url-hint" class="hint">
          A name of yours is reached directly at its path /hook. A channel such as https://smee.io/abc is read from
          here.
        </p>
        <div class="line">
          <input
            id="url"
            name="url"
            type="url"
            required
            placeholder="https://ci.example.com"
            aria-describedby="url-hint"
          />
          <button type="submit" class="button">
            Use this address
          </button>
        </div>
      </form>
      <form method="post" action="/setup/webhook">
        <input type="hidden" name="state" value={state} />
        <input type="hidden" name="channel" value="new" />
        <p>Or let smee.io carry them, for a laptop. Whoever knows the channel's address can read along.</p>
        <button type="submit" class="button">
          Make a new smee.io channel
        </button>
      </form>
    </div>
  );
}

function Message({ view }: { view: MessageView }) {
  return (
    <>
      <h1>{view.heading}</h1>
      <p class="second">{view.words}</p>
      {view.again ? (
        <form method="post" action={view.again.action}>
          <input type="hidden" name="state" value={view.again.state} />
          <button type="submit" class="button primary">
            {view.again.label}
          </button>
        </form>
      ) : null}
    </>
  );
}

function Problem({ words }: { words: string }) {
  return words === '' ? null : (
    <p class="problem" role="alert">
      {words}
    </p>
  );
}
