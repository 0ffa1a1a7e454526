const LIMIT = 140;
const ELIDE = ' ... ';
const DELIMITER = ' BaseSHA:';
const OLD_DELIMITER = ' Basesha:';
/** GitHub's page folds ordinary spaces into one, and leaves this one (U+2001) alone. */
const WIDE_SPACE = '\u2001';

/**
 * A status' description with the base commit at its end, where tide finds it, in at most 140 bytes. Shorter texts are padded so that
 * the commit stands at the right edge (Prow: config.ContextDescriptionWithBaseSha).
 */
export function descriptionWithBaseSha(text: string, baseSha: string): string {
  let suffix = baseSha ? DELIMITER + baseSha : '';
  if (suffix) {
    // Each padding character takes three bytes, so the room shrinks while it is filled: as many as Prow puts there.
    for (let i = 0; i < LIMIT - bytes(text) - bytes(suffix); i++) suffix = WIDE_SPACE + suffix;
  }
  return elide(text, LIMIT - bytes(suffix)) + suffix;
}

/** The base commit in a description made by `descriptionWithBaseSha`; empty where there is none. */
export function baseShaOf(description: string): string {
  for (const delimiter of [DELIMITER, OLD_DELIMITER]) {
    const [, sha, ...more] = description.split(delimiter);
    if (sha?.length === 40 && more.length === 0) return sha;
  }
  return '';
}

/** Keeps the beginning and the end of what is longer than `limit` bytes. No character is cut in two. */
function elide(text: string, limit: number): string {
  if (bytes(text) <= limit) return text;
  const half = Math.trunc((limit - ELIDE.length) / 2);
  const raw = Buffer.from(text);
  const whole = (part: Buffer) => part.toString('utf8').replace(/^\uFFFD+|\uFFFD+$/g, '');
  return whole(raw.subarray(0, half)) + ELIDE + whole(raw.subarray(raw.length - half));
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
