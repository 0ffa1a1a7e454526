import { messageOf } from '../../core/errors.ts';
import { type Finding, failure, skipped } from './finding.ts';
import type { Check, Patient } from './patient.ts';

/** No check may keep the others' findings from the reader. */
const PATIENCE_MS = 60_000;

/** Looks at everything side by side; what a check throws is its finding. */
export async function examine(patient: Patient, checks: readonly Check[]): Promise<Finding[]> {
  const found = await Promise.all(checks.map((check) => lookAt(check, patient)));
  return found.flat();
}

async function lookAt(check: Check, patient: Patient): Promise<Finding[]> {
  if (check.needsIdentity && !patient.identified) return [skipped(check.name, 'GitHub has to know us first')];
  const late = Promise.withResolvers<Finding[]>();
  const tooLong = failure(check.name, `nothing was found out within ${PATIENCE_MS / 1000} s`, check.fix);
  const timer = setTimeout(() => late.resolve([tooLong]), PATIENCE_MS);
  try {
    return await Promise.race([check.look(patient), late.promise]);
  } catch (error) {
    return [failure(check.name, messageOf(error), check.fix)];
  } finally {
    clearTimeout(timer);
  }
}
