import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';

const POLL_MS = 50;
const CHUNK = 1024 * 1024;

/**
 * Copies a growing file to `output` as it grows. The wrapped process writes into the file itself, so that its output is whole and in
 * order even where this process is killed; what stands here only has to follow.
 */
export class Tee {
  readonly #file: FileHandle;
  readonly #output: Writable;
  readonly #buffer = Buffer.allocUnsafe(CHUNK);
  #position = 0;
  #timer: NodeJS.Timeout | undefined;
  #copying: Promise<void> = Promise.resolve();
  #finishing = false;

  constructor(file: FileHandle, output: Writable) {
    this.#file = file;
    this.#output = output;
    this.#schedule();
  }

  /** Copies what is there by now, and no more: what the process left behind may write for ever. The file may be closed then. */
  async finish(): Promise<void> {
    // A copy that is on its way would otherwise plan the next one, on a file that is closed by then.
    this.#finishing = true;
    clearTimeout(this.#timer);
    await this.#copying;
    await this.#copy((await this.#file.stat()).size);
  }

  #schedule(): void {
    if (this.#finishing) return;
    this.#timer = setTimeout(() => {
      this.#copying = this.#copy().then(() => this.#schedule());
    }, POLL_MS);
  }

  async #copy(end = Number.POSITIVE_INFINITY): Promise<void> {
    while (this.#position < end) {
      const { bytesRead } = await this.#file.read(
        this.#buffer,
        0,
        Math.min(CHUNK, end - this.#position),
        this.#position,
      );
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      await write(this.#output, Buffer.from(this.#buffer.subarray(0, bytesRead)));
    }
  }
}

/** Resolves once the chunk is handed on; a reader that is gone does not stop the job. */
function write(output: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (output.destroyed) resolve();
    else output.write(chunk, () => resolve());
  });
}
