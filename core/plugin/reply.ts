import type { CommentEvent } from './event.ts';
import { withoutTeamMentions } from './quiet.ts';

const ABOUT =
  'Instructions for interacting with me using PR comments are available [here](https://git.k8s.io/community/contributors/guide/pull-requests.md).  If you have questions or suggestions related to my behavior, please file an issue against the [kubernetes-sigs/prow](https://github.com/kubernetes-sigs/prow/issues/new?title=Prow%20issue:) repository.';
const ABOUT_COMMANDS = 'I understand the commands that are listed [here](https://go.k8s.io/bot-commands).';

/** GitHub takes 65,536 characters; the rest is for what stands around the message and the quote. Prow's answer to more is refused. */
const LONGEST = 64_000;
/** For the line that leads to the quoted words. */
const ROOM = 800;

/** The closing words under what the bot writes, with the list of commands (Prow: AboutThisBot). */
export const ABOUT_THIS_BOT = `${ABOUT} ${ABOUT_COMMANDS}`;

/** `@to: message`, with `reason` folded away below (Prow: FormatResponse). */
export function formatResponse(to: string, message: string, reason: string): string {
  const said = shortened(message, LONGEST);
  const why = shortened(reason, LONGEST + ROOM - said.length);
  return `@${to}: ${said}\n\n<details>\n\n${why}\n\n${ABOUT}\n</details>`;
}

/** A message that answers nobody in particular (Prow: FormatSimpleResponse). */
export function formatSimpleResponse(message: string): string {
  return `${message}\n\n<details>\n\n${ABOUT}\n</details>`;
}

/** An answer to somebody's words, which are quoted below it (Prow: FormatResponseRaw). */
export function formatReply(event: Pick<CommentEvent, 'body' | 'url' | 'user'>, message: string): string {
  return formatResponseTo(event.body, event.url, event.user, message);
}

export function formatResponseTo(body: string, url: string, login: string, message: string): string {
  const quoted = withoutTeamMentions(body)
    .split('\n')
    .map((line) => `>${line}`);
  const quote = shortened(quoted.join('\n'), LONGEST - message.length);
  return formatResponse(login, message, `In response to [this](${url}):\n\n${quote}\n`);
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most)).toWellFormed()}…`;
}
