import { createInterface, type Interface } from 'node:readline/promises';

/** Asks whoever sits at the terminal. An input that has ended answers with nothing. */
export class Asker {
  readonly #input: Interface;
  readonly #lines: AsyncIterator<string>;

  constructor(input: NodeJS.ReadableStream = process.stdin) {
    this.#input = createInterface({ input });
    this.#lines = this.#input[Symbol.asyncIterator]();
  }

  /** The next line that is typed, after `question` on standard error: standard output is the result's. */
  async ask(question: string): Promise<string> {
    process.stderr.write(question);
    const { value, done } = await this.#lines.next();
    return done ? '' : value.trim();
  }

  close(): void {
    this.#input.close();
  }
}
