import { CutwaterError } from '../../core/errors.ts';
import type { ProwJobSpec } from '../../jobs/api/prowjob.ts';
import type { Pull, Refs } from '../../jobs/api/refs.ts';

/** What mkpj asks for where the flags do not say. */
export interface RefsSources {
  ask(question: string): Promise<string>;
  pull(
    org: string,
    repo: string,
    number: number,
  ): Promise<{ author: string; sha: string; baseRef: string; baseSha: string }>;
  branchSha(org: string, repo: string, branch: string): Promise<string>;
}

/** Fills in what is missing of the code under test: from the terminal what only a person knows, the rest from GitHub (Prow: cmd/mkpj). */
export async function completeRefs(spec: ProwJobSpec, sources: RefsSources): Promise<ProwJobSpec> {
  if (!spec.refs) return spec;
  const [pull] = spec.refs.pulls ?? [];
  const number = pull ? pull.number || (await askNumber(sources)) : 0;
  const facts = new PullFacts(spec.refs, number, sources);
  const pulls = pull && [await completePull({ ...pull, number }, facts)];
  const base = await completeBase(spec.refs, number, facts, sources);
  return { ...spec, refs: { ...spec.refs, ...base, ...(pulls && { pulls }) } };
}

async function askNumber(sources: RefsSources): Promise<number> {
  const answer = await sources.ask('PR Number: ');
  if (!/^[0-9]+$/.test(answer))
    throw new CutwaterError('usage', `${JSON.stringify(answer)} is no pull request's number`);
  return Number(answer);
}

/** The pull request as GitHub has it, fetched once and only where something is missing. */
class PullFacts {
  readonly get: () => ReturnType<RefsSources['pull']>;

  constructor({ org, repo }: Refs, number: number, sources: RefsSources) {
    let fetched: ReturnType<RefsSources['pull']> | undefined;
    this.get = () => {
      fetched ??= sources.pull(org, repo, number);
      return fetched;
    };
  }
}

async function completePull(pull: Pull, facts: PullFacts): Promise<Pull> {
  return {
    ...pull,
    author: pull.author || (await facts.get()).author,
    sha: pull.sha || (await facts.get()).sha,
  };
}

async function completeBase(
  { org, repo, base_ref, base_sha }: Refs,
  number: number,
  facts: PullFacts,
  sources: RefsSources,
): Promise<{ base_ref: string; base_sha: string }> {
  const asked = async () => (number ? (await facts.get()).baseRef : sources.ask('Base ref (e.g. master): '));
  const ref = base_ref || (await asked());
  const found = async () => (number ? (await facts.get()).baseSha : sources.branchSha(org, repo, ref));
  return { base_ref: ref, base_sha: base_sha || (await found()) };
}
