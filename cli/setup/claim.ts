import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Who may set the program up: the one who opens the link in the terminal first. The link is good once; from then on a cookie tells its browser, and
 * `state` tells that an answer of GitHub's belongs to the form that this browser sent.
 */
export interface Claim {
  /** What the link in the terminal carries. */
  readonly key: string;
  /** Takes the key; the cookie's value for the first who brings it, `undefined` for all others. */
  open(key: string): string | undefined;
  /** Whether this cookie is of the browser that opened the link. */
  owns(cookie: string | undefined): boolean;
  readonly state: string;
  isState(text: string | null): boolean;
}

export function createClaim(): Claim {
  const [key, cookie, state] = [secret(), secret(), secret()];
  let opened = false;
  return {
    key,
    state,
    open(given) {
      if (opened || !same(given, key)) return undefined;
      opened = true;
      return cookie;
    },
    owns: (given) => opened && given !== undefined && same(given, cookie),
    isState: (given) => given !== null && same(given, state),
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Takes the same time whatever the texts are. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
