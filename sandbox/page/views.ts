/** What the pages show, as plain JSON: the server renders it first, the event stream sends its changed parts, the client shows them. */
export type PullState = 'open' | 'draft' | 'merged' | 'closed';
export type StatusState = 'pending' | 'success' | 'failure' | 'error';
export type Theme = 'system' | 'light' | 'dark';
export type Section = 'pulls' | 'issues' | 'deliveries' | 'configuration';

export interface Person {
  login: string;
  /** "maintainer", "contributor", "no rights", "bot", or nothing where the sandbox gave no role. */
  role: string;
  bot: boolean;
}

export interface LabelView {
  name: string;
  /** Six hex digits, checked by the server. */
  color: string;
}

export interface Chrome {
  /** ISO time of this view: ages are counted from it until the client's own clock takes over. */
  now: string;
  theme: Theme;
  /** Whom the reader acts as. */
  actor: string;
  people: Person[];
  section: Section;
  /** "acme/widgets" */
  repo: string;
  deliveries: number;
  jobsUrl: string | null;
  title: string;
  /** This page's address, without what only fills in a form. */
  path: string;
}

export interface PullRow {
  number: number;
  title: string;
  author: string;
  state: PullState;
  note: string;
  href: string;
  current: boolean;
}

export interface Step {
  id: string;
  words: string;
  command: string | null;
  done: boolean;
  current: boolean;
}

export interface Sidebar {
  openCount: number;
  pulls: PullRow[];
  steps: Step[];
}

/** What a comment caused, as GitHub saw it. */
export interface Cause {
  href: string;
  guid: string;
  queued: boolean;
  statusCode: number;
  status: string;
  durationMs: number;
  /** What the bot wrote back: "added 2 labels", "set 3 statuses", "1 comment"; empty where it wrote nothing (yet). */
  effects: string[];
  effectsAfterMs: number | null;
}

export type Entry =
  | { type: 'comment'; key: string; anchor: string; person: Person; at: string; html: string; cause: Cause | null }
  | { type: 'labels'; key: string; actor: string; added: LabelView[]; removed: LabelView[]; at: string }
  | { type: 'push'; key: string; actor: string; sha: string; title: string; href: string; at: string }
  | { type: 'status'; key: string; actor: string; context: string; state: StatusState; at: string }
  | { type: 'note'; key: string; actor: string; words: string; at: string };

export interface StatusRow {
  context: string;
  state: StatusState;
  description: string;
  href: string | null;
}

export interface DeliveryRow {
  id: number;
  href: string;
  event: string;
  action: string;
  at: string;
  queued: boolean;
  statusCode: number;
  status: string;
  durationMs: number;
  redelivery: boolean;
  guid: string;
}

export interface Aside {
  statuses: StatusRow[] | null;
  labels: LabelView[];
  reviewers: { login: string; state: string }[] | null;
  deliveries: DeliveryRow[];
  deliveryCount: number;
}

export interface Box {
  /** Filled in at first: what a step of *Try this* says, or what was typed before an error. */
  text: string;
  action: string;
  closed: boolean;
  kind: 'pull' | 'issue';
  problem: string | null;
}

export interface CommitRow {
  sha: string;
  title: string;
  author: string;
  at: string;
}

export interface FileView {
  path: string;
  status: string;
  additions: number;
  deletions: number;
  /** Unified diff without its file header; null for binary files, and where it is too long to show. */
  lines: { type: 'add' | 'remove' | 'same' | 'hunk'; text: string }[] | null;
}

interface PreparedView {
  id: number;
  title: string;
  body: string;
  branch: string;
  login: string;
}

interface Base {
  /** The id of the last change that this view knows: what the event stream goes on from. */
  version: number;
  chrome: Chrome;
  sidebar: Sidebar;
}

export interface PullView extends Base {
  kind: 'pull';
  tab: 'conversation' | 'commits' | 'files' | 'try';
  pull: {
    number: number;
    title: string;
    state: PullState;
    author: string;
    base: string;
    head: string;
    path: string;
    commits: number;
    additions: number;
    deletions: number;
    files: number;
    conversation: number;
    /** The commit that the button pushes next; `reason` says why it can not, where it can not. */
    push: { title: string | null; reason: string | null };
  };
  timeline: Entry[];
  commits: CommitRow[];
  files: FileView[];
  aside: Aside;
  box: Box;
}

export interface IssueView extends Base {
  kind: 'issue';
  issue: { number: number; title: string; state: 'open' | 'closed'; author: string; at: string };
  timeline: Entry[];
  aside: Aside;
  box: Box;
}

export interface ListView extends Base {
  kind: 'list';
  what: 'pulls' | 'issues';
  rows: {
    number: number;
    title: string;
    author: string;
    state: PullState;
    at: string;
    labels: LabelView[];
    href: string;
    comments: number;
  }[];
}

export interface DeliveriesView extends Base {
  kind: 'deliveries';
  rows: DeliveryRow[];
  /** Where the next page starts; null on the last. */
  olderHref: string | null;
  total: number;
}

export interface DeliveryView extends Base {
  kind: 'delivery';
  delivery: DeliveryRow & {
    url: string;
    requestHeaders: [string, string][];
    requestBody: string;
    responseHeaders: [string, string][];
    responseBody: string;
  };
}

export interface ConfigurationView extends Base {
  kind: 'configuration';
  hooks: { url: string; events: string[]; active: boolean }[];
  people: { login: string; role: string; detail: string }[];
  files: { name: string; text: string | null; problem: string | null }[];
}

export interface OpenPullView extends Base {
  kind: 'open-pull';
  branches: PreparedView[];
  problem: string | null;
}

export interface MessageView extends Base {
  kind: 'message';
  heading: string;
  words: string;
  href: string;
  link: string;
}

export type View =
  | PullView
  | IssueView
  | ListView
  | DeliveriesView
  | DeliveryView
  | ConfigurationView
  | OpenPullView
  | MessageView;

/** One command for the completion, made from the bot's `/plugin-help`. */
export interface CommandRow {
  command: string;
  effect: string;
  who: string;
  /** Why it does nothing here, as far as the page itself knows; null where it may work. */
  off: string | null;
}

/** What a form's answer says to the script that sent it. */
export type Answer = { ok: true; to: string; say?: string } | { ok: false; problem: string };

/** One message of the event stream: the parts of the view that changed, whole. */
export interface LiveMessage {
  version: number;
  now: string;
  parts: Record<string, unknown>;
}
