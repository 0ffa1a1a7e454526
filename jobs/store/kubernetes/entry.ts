import type { ProwJob } from '../../api/prowjob.ts';
import { factsOf, type JobFacts } from '../filter.ts';

/**
 * A ProwJob as the cache keeps it: its JSON, at one byte a character, and what lists look at. Parsing it again for whoever asks costs no
 * more than copying an object would, and gives each caller an object of its own.
 */
export interface Entry {
  facts: JobFacts;
  uid: string;
  version: number;
  /** The job without its bulk. */
  text: string;
  /** `pod_spec` and `decoration_config`, alike in all runs of a job and so kept once. */
  bulk: string;
}

/** Packs jobs, sharing what many of them have in common. */
export class Packer {
  private readonly shared = new Map<string, { bulk: string; users: number }>();

  pack(job: ProwJob): Entry {
    const { pod_spec, decoration_config, ...spec } = job.spec;
    const { name = '', uid = '', resourceVersion = '' } = job.metadata;
    return {
      facts: { ...factsOf(job), name },
      uid,
      version: Number(resourceVersion),
      text: JSON.stringify({ ...job, spec }),
      bulk: this.share(JSON.stringify({ pod_spec, decoration_config })),
    };
  }

  /** The entry is no longer kept. */
  release({ bulk }: Entry): void {
    const known = this.shared.get(bulk);
    if (known && --known.users === 0) this.shared.delete(bulk);
  }

  private share(bulk: string): string {
    const known = this.shared.get(bulk);
    if (!known) {
      this.shared.set(bulk, { bulk, users: 1 });
      return bulk;
    }
    known.users += 1;
    return known.bulk;
  }
}

export function unpack({ text, bulk }: Entry): ProwJob {
  const job = JSON.parse(text) as ProwJob;
  Object.assign(job.spec, JSON.parse(bulk));
  return job;
}
