export interface Keyed {
  id: number;
}

/** Where tables tell that a record has to be written or removed. */
export interface Journal {
  put(kind: string, record: Keyed): void;
  drop(kind: string, id: number): void;
}

export interface TableOptions<T> {
  /** Groups records for `in`, such as all comments of an issue; must not change in a record's life. */
  group?: (record: T) => string | number;
  /** A second unique key for `by`; must not change in a record's life. */
  key?: (record: T) => string;
}

/** Records of one kind in memory, in the order in which they were made, each put written through to the journal. */
export class Table<T extends Keyed> {
  readonly kind: string;
  readonly #journal: Journal;
  readonly #options: TableOptions<T>;
  readonly #records = new Map<number, T>();
  readonly #groups = new Map<string | number, Map<number, T>>();
  readonly #keys = new Map<string, T>();

  constructor(kind: string, journal: Journal, options: TableOptions<T> = {}) {
    this.kind = kind;
    this.#journal = journal;
    this.#options = options;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Adds a record or says that it has changed. */
  put(record: T): T {
    this.load(record);
    this.#journal.put(this.kind, record);
    return record;
  }

  /** Puts a record that the journal already knows. */
  load(record: T): void {
    this.#records.set(record.id, record);
    const { group, key } = this.#options;
    if (key) this.#keys.set(key(record), record);
    if (!group) return;
    const name = group(record);
    const members = this.#groups.get(name) ?? new Map<number, T>();
    members.set(record.id, record);
    this.#groups.set(name, members);
  }

  drop(record: T): void {
    const { group, key } = this.#options;
    this.#records.delete(record.id);
    if (key) this.#keys.delete(key(record));
    if (group) this.#groups.get(group(record))?.delete(record.id);
    this.#journal.drop(this.kind, record.id);
  }

  get(id: number | null | undefined): T | undefined {
    return id === null || id === undefined ? undefined : this.#records.get(id);
  }

  /** Throws where the record is missing: for references inside the model, which never dangle. */
  need(id: number): T {
    const record = this.#records.get(id);
    if (!record) throw new Error(`${this.kind} ${id} is referred to but not there`);
    return record;
  }

  by(key: string): T | undefined {
    return this.#keys.get(key);
  }

  in(group: string | number): T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  all(): T[] {
    return [...this.#records.values()];
  }

  first(): T | undefined {
    return this.#records.values().next().value;
  }

  clear(): void {
    for (const record of this.all()) this.drop(record);
  }
}
