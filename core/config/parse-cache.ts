import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** Raised with every change of what parseYaml returns for the same text. */
const FORMAT = 'cutwater-yaml-1\n';
const DIGEST_BYTES = 32;

/**
 * Parsed YAML by the hash of its text, kept in one file between runs: reading it is six times faster than parsing 9 MB again. A file that
 * is cut short, changed or of another version is as good as none.
 */
export class ParseCache {
  readonly #file: string | undefined;
  #known: Map<string, unknown> | undefined;
  #used = new Map<string, unknown>();
  #missed = false;

  /** Without `file` nothing is kept. */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  get(hash: string): unknown {
    this.#known ??= this.#file ? load(this.#file) : new Map();
    const value = this.#known.get(hash);
    if (value === undefined) this.#missed = true;
    else this.#used.set(hash, value);
    return value;
  }

  set(hash: string, value: unknown): void {
    this.#used.set(hash, value);
  }

  /** Writes what this run used, if that differs from what is on disk, and lets go of it. A cache that cannot be written is no error. */
  flush(): void {
    const changed = this.#missed || this.#used.size !== this.#known?.size;
    if (this.#file && changed && this.#used.size > 0) save(this.#file, this.#used);
    this.#known = new Map();
    this.#used = new Map();
    this.#missed = false;
  }
}

export function hashOf(content: Buffer): string {
  return createHash('sha1').update(content).digest('base64');
}

function load(file: string): Map<string, unknown> {
  try {
    const content = readFileSync(file);
    const header = FORMAT.length + DIGEST_BYTES;
    if (content.toString('latin1', 0, FORMAT.length) !== FORMAT) return new Map();
    const body = content.subarray(header);
    if (!digest(body).equals(content.subarray(FORMAT.length, header))) return new Map();
    const entries: unknown = deserialize(body);
    return entries instanceof Map ? entries : new Map();
  } catch {
    return new Map();
  }
}

function save(file: string, entries: Map<string, unknown>): void {
  const draft = `${file}.${process.pid}`;
  try {
    const body = serialize(entries);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, Buffer.concat([Buffer.from(FORMAT, 'latin1'), digest(body), body]), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}

function digest(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest();
}
