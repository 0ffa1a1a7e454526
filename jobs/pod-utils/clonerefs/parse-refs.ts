import { CutwaterError } from '../../../core/errors.ts';
import type { Pull, Refs } from '../../api/refs.ts';

/** `org,repo=base-ref[:base-sha][,pull-id[:pull-sha[:pull-ref]]]…` as clonerefs' flag `--repo` takes it (Prow: pkg/clonerefs/parse.go). */
export function parseRefs(value: string): Refs {
  const equals = value.indexOf('=');
  if (equals < 0) throw invalid(value, "does not contain '='");
  const comma = value.indexOf(',');
  if (comma < 0 || comma > equals) throw invalid(value, "does not contain 'org,repo' as prefix");
  const [base = '', ...pulls] = value.slice(equals + 1).split(',');
  if (base === '' && pulls.length === 0) throw invalid(value, 'does not contain any refs');
  const [baseRef = '', baseSha, ...more] = base.split(':');
  if (more.length > 0) throw invalid(base, 'malformed base ref');
  return {
    org: value.slice(0, comma),
    repo: value.slice(comma + 1, equals),
    base_ref: baseRef,
    ...(baseSha && { base_sha: baseSha }),
    ...(pulls.length > 0 && { pulls: pulls.map(parsePull) }),
  };
}

function parsePull(value: string): Pull {
  const [number = '', sha = '', ref, ...more] = value.split(':');
  if (more.length > 0) throw invalid(value, 'malformed pull ref');
  if (!/^[+-]?\d+$/.test(number)) throw invalid(value, 'pull request identifier not a number');
  return { number: Number(number), author: '', sha, ...(ref && { ref }) };
}

function invalid(refspec: string, why: string): CutwaterError {
  return new CutwaterError('usage', `refspec ${refspec} invalid: ${why}`);
}
