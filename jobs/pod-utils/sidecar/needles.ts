/** Shorter secrets are looked for as they are and in base64 only: their other forms would be found in everything. */
const MANY_FORMS_FROM = 8;
/** A line of a secret that is looked for by itself: long, and without spaces, as the lines of a key are. */
const KEY_LINE = /^[^\s]{32,}$/;

/**
 * The byte strings to strike out for the secrets: themselves, without the space around them, in base64 (as Prow: pkg/secretutil), and,
 * beyond Prow, inside longer base64 texts such as an Authorization header, URL-encoded, in JSON, in hexadecimal, and the lines of keys.
 */
export function needlesFor(secrets: readonly Buffer[], minimumLength: number): Buffer[] {
  const needles = new Map<string, Buffer>();
  const add = (needle: Buffer) => {
    if (needle.length > 0) needles.set(needle.toString('latin1'), needle);
  };
  for (const secret of secrets) {
    const trimmed = trim(secret);
    if (trimmed.length === 0 || trimmed.length < minimumLength || isBoolean(trimmed)) continue;
    add(trimmed);
    for (const form of [secret, trimmed]) add(Buffer.from(form.toString('base64')));
    if (trimmed.length >= MANY_FORMS_FROM) for (const form of otherForms(trimmed)) add(form);
  }
  return [...needles.values()];
}

function otherForms(secret: Buffer): Buffer[] {
  const text = secret.toString('utf8');
  const hex = secret.toString('hex');
  const forms = [hex, hex.toUpperCase(), JSON.stringify(text).slice(1, -1), ...urlForms(text)];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keyLines = lines.length > 1 ? lines.filter((line) => KEY_LINE.test(line)) : [];
  return [...forms, ...keyLines, ...innerBase64(secret)].map((form) => Buffer.from(form));
}

/** Both ways in which a text stands in an address or a form. */
function urlForms(text: string): string[] {
  try {
    const percent = encodeURIComponent(text);
    return [percent, percent.replaceAll('%20', '+')];
  } catch {
    return []; // Not a text at all.
  }
}

/** The part of a longer base64 text that depends on the secret alone, for each of the three places at which it may begin. */
function innerBase64(secret: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), secret]);
    const begin = Math.ceil((offset * 8) / 6);
    const end = Math.floor((padded.length * 8) / 6);
    return [padded.toString('base64').slice(begin, end), padded.toString('base64url').slice(begin, end)];
  });
}

function trim(secret: Buffer): Buffer {
  // Read as single bytes, so that what is no valid text survives unchanged.
  return Buffer.from(secret.toString('latin1').replace(/^[\s\0]+|[\s\0]+$/g, ''), 'latin1');
}

/** true and false stand in secrets beside what is secret, and would be struck out everywhere. */
function isBoolean(secret: Buffer): boolean {
  return /^(true|false)$/i.test(secret.toString('latin1'));
}
