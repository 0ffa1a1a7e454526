/** Shows as nothing, and keeps GitHub from reading a mention. */
const NOTHING = '\u200b';

/**
 * A stranger's words as the bot may repeat them: a stranger cannot notify a team of the organization, but the bot, as a member, would do it for
 * them. People stay mentioned, since the original has told them already.
 */
export function withoutTeamMentions(text: string): string {
  return text.replace(/@(?=[a-z\d][\w-]*\/)/gi, `@${NOTHING}`);
}

/** A stranger's line inside the bot's own Markdown: it mentions nobody, hides nothing that follows, and links nowhere. */
export function plainText(line: string): string {
  return line
    .replace(/@/g, `@${NOTHING}`)
    .replace(/</g, '&lt;')
    .replaceAll('](', ']\\(')
    .replace(/\p{Cc}/gu, ' ');
}
