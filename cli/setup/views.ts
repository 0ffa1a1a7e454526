/** What a page of the set-up shows. */
export type SetupView = CreateView | WebhookView | MessageView;

interface Chrome {
  theme: 'system' | 'light' | 'dark';
}

/** Where webhooks shall go has to be said first. */
export interface WebhookView extends Chrome {
  kind: 'webhook';
  /** Goes with every form of ours. */
  state: string;
  problem: string;
}

/** All is known: one button makes the App. */
export interface CreateView extends Chrome {
  kind: 'create';
  state: string;
  /** GitHub's name for people: `github.com`. */
  host: string;
  /** GitHub's form, and what is sent to it. */
  action: string;
  manifest: string;
  /** The organization that will own the App; empty for whoever is logged in there. */
  org: string;
  name: string;
  webhookUrl: string;
  permissions: readonly { name: string; level: string }[];
  events: readonly string[];
  /** Where the keys will be kept. */
  keptIn: string;
  problem: string;
}

/** Something to be told, with what may be tried. */
export interface MessageView extends Chrome {
  kind: 'message';
  heading: string;
  words: string;
  /** A form of ours to send again, and the word on its button. */
  again?: { action: string; label: string; state: string };
}
