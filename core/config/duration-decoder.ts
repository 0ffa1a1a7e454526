import { messageOf } from '../errors.ts';
import { type Decoder, problem } from './decode.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** A duration as Go would write it back (`120m` becomes `2h0m0s`). Prow's own type takes a number of nanoseconds as well. */
export function goDuration(orNanoseconds: boolean): Decoder {
  return (raw, reading) => {
    if (raw === null || raw === undefined) return undefined;
    if (orNanoseconds && typeof raw === 'number') return formatDuration(raw / 1e6);
    if (typeof raw !== 'string') return problem(reading, `cannot read ${typeof raw} as a duration`);
    try {
      return formatDuration(parseDuration(raw));
    } catch (error) {
      return problem(reading, messageOf(error));
    }
  };
}
