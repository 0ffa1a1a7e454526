import { useEffect } from 'preact/hooks';
import type { Cause, Entry } from '../views.ts';
import { took } from './format.ts';
import { Icon, type IconName } from './icons.tsx';
import { usePage } from './page.tsx';
import { Ago, Face, Html, Label, Role } from './parts.tsx';
import { StateMark } from './states.tsx';

/** Whether the reader looks at the end of the talk, and so wants to see what comes. */
export function isAtEnd(): boolean {
  return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 80;
}

export function scrollToEnd(): void {
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

/** The talk: cards for what people and bots said, single lines for what happened between. */
export function Conversation({ timeline }: { timeline: Entry[] }) {
  const { awake } = usePage();
  const atEnd = awake && isAtEnd();
  useEffect(() => {
    if (atEnd) scrollToEnd();
  }, [timeline.length]);
  return (
    <ol class="talk">
      {timeline.map((entry) => (
        <li key={entry.key}>
          <EntryView entry={entry} />
        </li>
      ))}
    </ol>
  );
}

function EntryView({ entry }: { entry: Entry }) {
  switch (entry.type) {
    case 'comment':
      return <CommentCard entry={entry} />;
    case 'labels':
      return <LabelsLine entry={entry} />;
    case 'push':
      return (
        <Line icon="branch" at={entry.at}>
          <b>{entry.actor}</b> pushed <a href={entry.href}>{<code class="sha">{entry.sha}</code>}</a>{' '}
          <span class="line-title">{entry.title}</span>
        </Line>
      );
    case 'status':
      return (
        <Line icon="back" at={entry.at}>
          <b>{entry.actor}</b> set <b>{entry.context}</b> to <StateMark state={entry.state} />
        </Line>
      );
    case 'note':
      return (
        <Line icon="back" at={entry.at}>
          <b>{entry.actor}</b> {entry.words}
        </Line>
      );
  }
}

function LabelsLine({ entry }: { entry: Extract<Entry, { type: 'labels' }> }) {
  const { added, removed } = entry;
  return (
    <Line icon="back" at={entry.at}>
      <b>{entry.actor}</b>
      {added.length ? <> added </> : null}
      {added.map((label) => (
        <Label key={label.name} label={label} />
      ))}
      {added.length && removed.length ? <> and</> : null}
      {removed.length ? <> removed </> : null}
      {removed.map((label) => (
        <Label key={label.name} label={label} />
      ))}
    </Line>
  );
}

function Line({ icon, at, children }: { icon: IconName; at: string; children: preact.ComponentChildren }) {
  return (
    <div class="line">
      <span class="line-icon">
        <Icon name={icon} />
      </span>
      <p>
        {children} <Ago at={at} />
      </p>
    </div>
  );
}

function CommentCard({ entry }: { entry: Extract<Entry, { type: 'comment' }> }) {
  const { person, cause } = entry;
  return (
    <div class="comment">
      <Face login={person.login} bot={person.bot} />
      <article class="card" id={entry.anchor} aria-label={`Comment by ${person.login}`}>
        <header>
          <b>{person.login}</b>
          <Role person={person} />
          <a class="quiet-link" href={`#${entry.anchor}`}>
            <Ago at={entry.at} />
          </a>
        </header>
        <Html html={entry.html} />
        {cause ? <CauseLine cause={cause} /> : null}
      </article>
    </div>
  );
}

/** What GitHub saw after a comment with commands: delivered, answered, and what the bot wrote back. */
function CauseLine({ cause }: { cause: Cause }) {
  return (
    <footer class="cause">
      <span class="mark tone-rest">
        <Icon name="back" />
      </span>
      <span class="cause-words">
        <Answered cause={cause} />
        <Effects cause={cause} />
      </span>
      <a href={cause.href}>
        Delivery <code>{cause.guid.slice(0, 4)}…</code>
      </a>
    </footer>
  );
}

function Answered({ cause }: { cause: Cause }) {
  if (cause.queued) return <span>Being delivered</span>;
  if (cause.statusCode === 0) return <span class="bad">Not delivered: {cause.status}</span>;
  return (
    <span class={cause.statusCode >= 400 ? 'bad' : ''}>
      Delivered, answered <b>{cause.statusCode}</b> in <b>{took(cause.durationMs)}</b>
    </span>
  );
}

function Effects({ cause }: { cause: Cause }) {
  const { awake } = usePage();
  if (cause.queued || cause.statusCode === 0) return null;
  if (cause.effects.length === 0) {
    return <span class="effects">the bot wrote nothing back{awake ? ' so far' : ''}</span>;
  }
  return (
    <span class="effects">
      the bot <Numbered words={cause.effects.join(' and ')} />
      {cause.effectsAfterMs === null ? '' : ` ${took(cause.effectsAfterMs)} later`}
    </span>
  );
}

/** "set 3 statuses" with its figures standing out. */
function Numbered({ words }: { words: string }) {
  return <>{words.split(/(\d[\d,]* \w+)/).map((part, index) => (index % 2 === 1 ? <b key={part}>{part}</b> : part))}</>;
}
