/** What a Probot app's thread is started with. */
export interface AppData {
  /** The module's file:// address. */
  url: string;
  /** GitHub's REST API, which addresses in payloads and links begin with. */
  baseUrl: string;
}

/** A webhook for the app. `id` tells the events under way from one another. */
export interface AppEvent {
  id: number;
  delivery: string;
  name: string;
  payload: object;
}

/** A request to GitHub that the app wants made; its thread holds no credentials. */
export interface AppRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface AppAnswer {
  status: number;
  headers: Record<string, string>;
  /** JSON or text as it stands; anything else as base64. */
  body: string;
  base64: boolean;
}

export type ToApp =
  | { kind: 'event'; event: AppEvent }
  | { kind: 'answer'; request: number; answer: AppAnswer | { failed: string } }
  | { kind: 'ping' };

export type FromApp =
  /** It listens for this from now on: an event's name, with an action behind a dot, or `*` for all. */
  | { kind: 'listens'; for: string }
  | { kind: 'ready' }
  | { kind: 'refused'; message: string }
  | { kind: 'done'; id: number; failed?: string }
  /** `event` is undefined where the app asks outside of any event. */
  | { kind: 'request'; request: number; event: number | undefined; ask: AppRequest }
  /** One of pino's lines. */
  | { kind: 'log'; line: string }
  | { kind: 'pong' };
