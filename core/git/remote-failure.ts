import { CutwaterError, type ErrorCode } from '../errors.ts';

/** Git has one exit code for all that goes wrong with the other side; its words are all there is to tell by. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /not our ref|couldn't find remote ref|repository not found|not found$|does not (appear to be|exist)|returned error: 404/im,
    'not-found',
  ],
  [/authentication failed|could not read username|permission to .* denied|returned error: 40[13]/i, 'forbidden'],
  [/\[(remote )?rejected\]|non-fast-forward|protected branch/i, 'invalid'],
];

/** What git says where its own files are at fault, whatever it was about to do. */
const DAMAGE =
  /index file .* (is too small|corrupt)|packfile .* (cannot|does not|is)|object file .* is empty|loose object .* corrupt|not a git repository/i;

/** The mirror's own files cannot be used: it is made anew. */
export class DamagedMirror extends Error {}

/** What the other side's refusal means, with its words but without the lines that only decorate them. */
export function remoteFailure(what: string, stderr: string): Error {
  if (DAMAGE.test(stderr)) return new DamagedMirror(`git ${what}: ${stderr.trim()}`);
  const code = WORDS.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'transient';
  const said = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('; ');
  return new CutwaterError(code, `git ${what}: ${said || 'failed without a word'}`);
}
