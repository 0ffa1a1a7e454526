import { EventEmitter, on } from 'node:events';
import type { Table } from './table.ts';

/** Everything that can happen, as the page and tests hear of it. */
export type ChangeKind =
  | `issue.${'opened' | 'closed' | 'reopened' | 'edited' | 'deleted' | 'transferred' | 'locked' | 'unlocked' | 'pinned' | 'unpinned'}`
  | `pull.${'opened' | 'closed' | 'reopened' | 'edited' | 'merged' | 'pushed' | 'draft' | 'ready' | 'locked' | 'unlocked'}`
  | `${'label' | 'assignee' | 'reviewer' | 'milestone'}.${'added' | 'removed'}`
  | `comment.${'created' | 'edited' | 'deleted' | 'minimized'}`
  | `review.${'submitted' | 'edited' | 'dismissed'}`
  | `reviewComment.${'created' | 'edited' | 'deleted'}`
  | 'reaction.added'
  | 'reaction.removed'
  | 'status.set'
  | 'check.changed'
  | 'workflow.changed'
  | 'push'
  | 'ref.created'
  | 'ref.deleted'
  | 'repository.changed'
  | 'members.changed'
  | 'delivery.queued'
  | 'delivery.done'
  | 'startedOver';

export interface Change {
  /** Grows by one with each change and never repeats, over restarts too. */
  id: number;
  at: string;
  kind: ChangeKind;
  /** Who did it: a login. */
  actor: string;
  /** "acme/widgets", or null where no repository is concerned. */
  repo: string | null;
  /** The issues and pull requests that it is about: one, or all whose head a status, a push or a check is on. */
  numbers: number[];
  /** What a timeline shows of it: `label`, `body`, `context` and `state`, `sha`, `commentId`, `deliveryId`, … */
  data: Record<string, unknown>;
}

const KEPT = 20_000;

/** The change feed: kept, so that a reader who was away asks for what came after the id it knows. */
export class ChangeFeed {
  readonly #table: Table<Change>;
  readonly #emitter = new EventEmitter({ captureRejections: false });
  #last = 0;

  constructor(table: Table<Change>) {
    this.#table = table;
    this.#emitter.setMaxListeners(0);
  }

  get lastId(): number {
    return this.#last;
  }

  /** Called once the table is loaded, so that ids go on after a restart. */
  resume(): void {
    for (const change of this.#table.all()) this.#last = Math.max(this.#last, change.id);
  }

  add(change: Omit<Change, 'id'>): Change {
    const stored = this.#table.put({ ...change, id: ++this.#last });
    const oldest = this.#table.size > KEPT ? this.#table.first() : undefined;
    if (oldest) this.#table.drop(oldest);
    this.#emitter.emit('change', stored);
    return stored;
  }

  /** All kept changes after an id, oldest first. */
  since(id: number): Change[] {
    return this.#table.all().filter((change) => change.id > id);
  }

  /** The kept changes of one issue or pull request, oldest first. */
  of(repo: string, number: number): Change[] {
    return this.#table.all().filter((change) => change.repo === repo && change.numbers.includes(number));
  }

  /** Calls back for every later change until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#emitter.on('change', listener);
    return () => this.#emitter.off('change', listener);
  }

  /** Every change from now on, until the signal ends it. */
  async *follow(signal: AbortSignal): AsyncGenerator<Change> {
    try {
      for await (const [change] of on(this.#emitter, 'change', { signal })) yield change as Change;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
