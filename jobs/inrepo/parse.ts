import { isMap, newReading } from '../../core/config/decode.ts';
import { keyOf } from '../../core/config/errors.ts';
import { parseYaml, UNTRUSTED_LIMITS } from '../../core/config/yaml.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { Preset, RawPostsubmit, RawPresubmit } from '../config/job.ts';
import { decodeJobFile } from '../config/jobs.ts';
import type { JobText } from './files.ts';

/** What a repository declares, before defaults. Each job knows its file. */
export interface ProwYaml {
  presets: Preset[];
  presubmits: { job: RawPresubmit; file: string }[];
  postsubmits: { job: RawPostsubmit; file: string }[];
}

const MAX_JOBS = 5_000;
/** What the YAML would hold if every alias were written out: aliases of aliases grow beyond all bounds in a few lines. */
const MAX_NODES = 1_000_000;
/** Aliases may also lead deeper than the text itself may. */
const MAX_DEPTH = 100;
const LISTED = '.';

/** Reads the files of one commit, joined in their order. Throws `user` with the file, line and key. */
export function parseProwYaml(files: readonly JobText[]): ProwYaml {
  const joined: ProwYaml = { presets: [], presubmits: [], postsubmits: [] };
  for (const file of files) parseOne(file, joined);
  const count = joined.presubmits.length + joined.postsubmits.length;
  if (count > MAX_JOBS) throw new CutwaterError('user', `${count} jobs are more than ${MAX_JOBS}`);
  return joined;
}

function parseOne({ path: file, text }: JobText, joined: ProwYaml): void {
  const raw = read(text, file);
  if (raw === null) return;
  if (!isMap(raw)) throw new CutwaterError('user', `${file}: it has to be a map`);
  if (writtenOut(raw) > MAX_NODES) throw new CutwaterError('user', `${file}: it holds too much behind aliases`);
  const reading = newReading();
  // In a job file jobs stand by repository; here there is one, which needs no name.
  const { presets, presubmits, postsubmits } = folded(raw);
  const decoded = decodeJobFile(
    { presets, presubmits: { [LISTED]: presubmits }, postsubmits: { [LISTED]: postsubmits } },
    reading,
  );
  const [problem] = reading.problems;
  if (problem)
    throw new CutwaterError(
      'user',
      `${file}: ${keyOf(problem.path.filter((step) => step !== LISTED))}: ${problem.message}`,
    );
  joined.presets.push(...(decoded.presets ?? []));
  joined.presubmits.push(...(decoded.presubmits?.[LISTED] ?? []).map((job) => ({ job, file })));
  joined.postsubmits.push(...(decoded.postsubmits?.[LISTED] ?? []).map((job) => ({ job, file })));
}

function read(text: string, file: string): unknown {
  try {
    return parseYaml(text, file, UNTRUSTED_LIMITS);
  } catch (cause) {
    // The mistake is not the operator's.
    throw new CutwaterError('user', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Keys count in any case, as Go reads them; of several the last one. */
function folded(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value]));
}

function writtenOut(root: unknown): number {
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown, depth: number): number => {
    if (value === null || typeof value !== 'object') return 1;
    if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // An alias inside of what it stands for has no end.
    sizes.set(value, Number.POSITIVE_INFINITY);
    const size = Object.values(value).reduce((sum: number, item) => sum + sizeOf(item, depth + 1), 1);
    sizes.set(value, size);
    return size;
  };
  return sizeOf(root, 0);
}
