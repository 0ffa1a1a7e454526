import { z } from 'zod';
import type { Decoder, Reading } from '../../core/config/decode.ts';
import type { Combining, Part, Section } from '../../core/config/section.ts';
import { withDecoder } from '../../core/config/zod-decoder.ts';
import { finisherFor, type JobFinisher } from './finish.ts';
import { podNamespace, prowjobDefaults } from './general.ts';
import type { Jobs, Periodic, Postsubmit, Preset, Presubmit, RawPeriodic, RawPostsubmit, RawPresubmit } from './job.ts';
import { jobTypes } from './job-types.ts';
import { plank } from './plank.ts';
import { validatePeriodics, validatePostsubmits, validatePresubmits } from './validate.ts';

/** What one file declares. */
export interface JobFile {
  presets?: Preset[];
  presubmits?: Record<string, RawPresubmit[]>;
  postsubmits?: Record<string, RawPostsubmit[]>;
  periodics?: RawPeriodic[];
  decorate_all_jobs?: boolean;
  prow_ignored?: unknown;
}

const TYPES: Record<keyof JobFile, string> = {
  presets: '[]Preset',
  presubmits: '{}[]Presubmit',
  postsubmits: '{}[]Postsubmit',
  periodics: '[]Periodic',
  decorate_all_jobs: 'bool',
  prow_ignored: 'any',
};
const KEYS = Object.keys(TYPES) as (keyof JobFile)[];

/** Presubmits, postsubmits, periodics and presets, of the main file and of all job files (Prow: JobConfig). */
export const jobs: Section<Jobs, JobFile> = {
  name: 'jobs',
  keys: KEYS,
  files: ['config', 'jobs'],
  schemas: Object.fromEntries(
    KEYS.map((key) => [key, withDecoder(z.unknown().meta({ goType: TYPES[key] }), jobTypes.decoder(TYPES[key]))]),
  ),
  decode: decodeJobFile,
  combine: combineJobs,
};

/** Reads the keys of a job file; also of `.prow.yaml`, where jobs stand in plain lists. */
export function decodeJobFile(raw: Record<string, unknown>, reading: Reading): JobFile {
  const file: Record<string, unknown> = {};
  for (const key of KEYS) {
    if (!(key in raw)) continue;
    const decode: Decoder = jobTypes.decoder(TYPES[key]);
    reading.path.push(key);
    file[key] = decode(raw[key], reading);
    reading.path.pop();
  }
  return file;
}

function combineJobs(parts: readonly Part<JobFile>[], view: Combining): Jobs {
  const presets = joinPresets(parts, view);
  const rules = { plank: view.get(plank), podNamespace: view.get(podNamespace) };
  // In job files the key is known but without effect, as in Prow.
  const decorateAll = parts.some(({ kind, value }) => kind !== 'jobs' && value.decorate_all_jobs === true);
  const finisher = finisherFor({ presets, ...rules, defaultEntries: view.get(prowjobDefaults), decorateAll });
  const presubmits = new Map<string, Presubmit[]>();
  const postsubmits = new Map<string, Postsubmit[]>();
  const periodics: Periodic[] = [];
  const places: Places = new Map();
  for (const part of parts) finishFile(part, finisher, { presubmits, postsubmits, periodics }, places);
  const refuse = refuserOf(places, view);
  for (const list of presubmits.values()) validatePresubmits(list, rules, refuse);
  for (const list of postsubmits.values()) validatePostsubmits(list, rules, refuse);
  validatePeriodics(periodics, rules, refuse);
  return { presets, decorateAll, presubmits, postsubmits, periodics };
}

type Places = Map<object, { file: string; path: (string | number)[] }>;

function refuserOf(places: Places, view: Combining): (job: object, message: string) => void {
  return (job, message) => {
    const place = places.get(job);
    view.problem(place?.file ?? '', place?.path ?? [], message);
  };
}

interface Collected {
  presubmits: Map<string, Presubmit[]>;
  postsubmits: Map<string, Postsubmit[]>;
  periodics: Periodic[];
}

function finishFile({ file, value }: Part<JobFile>, finisher: JobFinisher, into: Collected, places: Places): void {
  const each = <R, J extends object>(key: string, raw: readonly R[], finish: (job: R) => J, list: J[]) => {
    raw.forEach((job, index) => {
      const finished = finish(job);
      places.set(finished, { file, path: [...key.split('\0'), index] });
      list.push(finished);
    });
  };
  for (const [repo, raw] of Object.entries(value.presubmits ?? {}))
    each(`presubmits\0${repo}`, raw ?? [], (job) => finisher.presubmit(job, repo, file), listOf(into.presubmits, repo));
  for (const [repo, raw] of Object.entries(value.postsubmits ?? {}))
    each(
      `postsubmits\0${repo}`,
      raw ?? [],
      (job) => finisher.postsubmit(job, repo, file),
      listOf(into.postsubmits, repo),
    );
  each('periodics', value.periodics ?? [], (job) => finisher.periodic(job, file), into.periodics);
}

function listOf<J>(lists: Map<string, J[]>, repo: string): J[] {
  const list = lists.get(repo) ?? [];
  lists.set(repo, list);
  return list;
}

function joinPresets(parts: readonly Part<JobFile>[], view: Combining): Preset[] {
  const seen = new Set<string>();
  const presets: Preset[] = [];
  // As in Prow, twins are looked for only where job files are joined to the main one.
  const joined = parts.some(({ kind }) => kind === 'jobs');
  for (const { file, value } of parts) {
    for (const [index, preset] of (value.presets ?? []).entries()) {
      presets.push(preset);
      for (const [label, text] of Object.entries(preset.labels ?? {})) {
        const pair = `${label}:${text}`;
        if (joined && seen.has(pair))
          view.problem(file, ['presets', index], `duplicated preset 'label:value' pair : ${pair}`);
        seen.add(pair);
      }
    }
  }
  return presets;
}
