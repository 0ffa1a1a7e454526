import markdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

const COMMAND = /^\/[a-zA-Z][\w-]*/;

const parser = markdownIt({ html: true, linkify: true, breaks: true });

/** Text at a line's start that is a command stands in a span of its own; code is left alone, since commands are not read there. */
parser.core.ruler.push('commands', (state) => {
  for (const { type, children } of state.tokens) {
    if (type !== 'inline' || !children) continue;
    for (const [index, token] of children.entries()) {
      const before = children[index - 1]?.type;
      const starts = before === undefined || before === 'softbreak' || before === 'hardbreak';
      if (token.type === 'text' && starts && COMMAND.test(token.content.trimStart())) token.meta = { command: true };
    }
  }
});

const plainText = parser.renderer.rules.text;
parser.renderer.rules.text = (tokens, index, options, env, self) => {
  const text = plainText?.(tokens, index, options, env, self) ?? '';
  return tokens[index]?.meta?.command ? `<span class="command">${text}</span>` : text;
};

const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'p',
      'br',
      'hr',
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'blockquote',
      'ul',
      'ol',
      'li',
      'pre',
      'code',
      'span',
      'div',
    ],
    ...['em', 'strong', 's', 'del', 'ins', 'sub', 'sup', 'kbd', 'a', 'details', 'summary'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'rel', 'title'], ol: ['start'] },
  allowedClasses: { span: ['command', 'image'], div: ['table'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    a: sanitizeHtml.simpleTransform('a', { rel: 'nofollow noopener noreferrer' }),
    // Nothing is loaded from elsewhere: a picture stands as its words.
    img: (_tag, { alt }) => ({ tagName: 'span', attribs: { class: 'image' }, text: `[picture: ${alt || 'no words'}]` }),
    h1: 'h3',
    h2: 'h4',
  },
};

/** A comment's Markdown as HTML that can do nothing but be read: tags and attributes of a short list, no style, no script, no picture. */
export function renderMarkdown(text: string): string {
  const html = parser.render(text.slice(0, 65_536));
  return sanitizeHtml(html, ALLOWED)
    .replaceAll('<table>', '<div class="table"><table>')
    .replaceAll('</table>', '</table></div>');
}

/** The commands of a comment, one for each line that begins with one. */
export function commandsIn(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => (COMMAND.test(line.trim()) ? [line.trim()] : []));
}
