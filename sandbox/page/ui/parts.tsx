import type { ComponentChildren } from 'preact';
import type { LabelView, Person } from '../views.ts';
import { age, count, exact } from './format.ts';
import { Brand } from './icons.tsx';
import { useNow, usePage } from './page.tsx';

/** A person's mark: the initial in a circle, the bot's bow in a rounded square. */
export function Face({ login, bot = false }: { login: string; bot?: boolean | undefined }) {
  if (bot) {
    return (
      <span class="face face-bot" aria-hidden="true">
        <Brand />
      </span>
    );
  }
  return (
    <span class="face" aria-hidden="true">
      {login.slice(0, 1).toUpperCase()}
    </span>
  );
}

export function Label({ label }: { label: LabelView }) {
  return (
    <span class="label">
      <svg class="swatch" width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" focusable="false">
        <rect width="8" height="8" rx="1.5" fill={`#${label.color}`} />
      </svg>
      {label.name}
    </span>
  );
}

export function Role({ person }: { person: Person }) {
  return person.role && person.role !== 'no rights' ? <span class="tag">{person.role}</span> : null;
}

/** An age that ticks, with the exact time behind it. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time class="ago" datetime={at} title={exact(at)}>
      {age(Date.parse(at), now)}
    </time>
  );
}

export function Key({ children }: { children: ComponentChildren }) {
  return <kbd class="key">{children}</kbd>;
}

/** What would be here, and the one step that brings it. */
export function Empty({ heading, children }: { heading: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{heading}</h2>
      {children}
    </div>
  );
}

/** Markdown that the server has rendered and sanitised (server/markdown.ts): the one place where HTML comes in as text. */
export function Html({ html }: { html: string }) {
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** "4 newer deliveries": shown on demand, so that rows never move under the reader. */
export function Newer({ one, many }: { one: string; many: string }) {
  const { newer } = usePage();
  if (newer.count === 0) return null;
  return (
    <p class="newer" role="status">
      <button type="button" class="button" onClick={newer.show}>
        {count(newer.count, one, many)} <Key>.</Key>
      </button>
    </p>
  );
}
