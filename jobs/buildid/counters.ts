import { readFile, rename, writeFile } from 'node:fs/promises';
import { CutwaterError, messageOf } from '../../core/errors.ts';

/**
 * Build numbers per job in tot's file, `{"Number":{"job":n}}`, written beside and renamed so that it is never half there (Prow: cmd/tot).
 * A number is handed out only once it is on disk; Prow hands it out even where the write fails, and gives it again after a restart.
 */
export class Counters {
  private readonly path: string;
  private readonly fallback: (job: string) => Promise<number>;
  private readonly numbers: Map<string, number>;
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, numbers: Map<string, number>, fallback: (job: string) => Promise<number>) {
    this.path = path;
    this.numbers = numbers;
    this.fallback = fallback;
  }

  /** Reads the file, or starts afresh where there is none. `fallback` knows the last number of jobs that are new here. Throws `config`. */
  static async open(path: string, fallback: (job: string) => Promise<number> = async () => 0): Promise<Counters> {
    try {
      const parsed = JSON.parse(await readFile(path, 'utf8')) as { Number?: Record<string, number> };
      return new Counters(path, new Map(Object.entries(parsed.Number ?? {})), fallback);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Counters(path, new Map(), fallback);
      throw new CutwaterError('config', `${path}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Counts up. */
  vend(job: string): Promise<number> {
    return this.inTurn(async () => {
      const number = (this.numbers.get(job) ?? (await this.fallback(job))) + 1;
      await this.save(job, number);
      return number;
    });
  }

  /** The last number handed out; 0 for a job that has none. */
  peek(job: string): number {
    return this.numbers.get(job) ?? 0;
  }

  set(job: string, number: number): Promise<void> {
    return this.inTurn(() => this.save(job, number));
  }

  private async save(job: string, number: number): Promise<void> {
    const numbers = { ...Object.fromEntries(this.numbers), [job]: number };
    await writeFile(`${this.path}.tmp`, JSON.stringify({ Number: numbers }), { mode: 0o644 });
    await rename(`${this.path}.tmp`, this.path);
    this.numbers.set(job, number);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.writing.then(work);
    this.writing = turn.catch(() => {});
    return turn;
  }
}
