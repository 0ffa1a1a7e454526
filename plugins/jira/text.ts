const KEY = /\b([a-zA-Z]+-[0-9]+)(?:\s|:|$|\]|\))/g;

/** What looks like keys of Jira issues, each once (Prow: pkg/plugins/jira/jira.go). */
export function keysIn(...texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(KEY)].map(([, key = '']) => key)))];
}

/** The text with links in place of keys, but for code and for keys that are part of a link already. */
export function withLinks(text: string, keys: readonly string[], jiraUrl: string): string {
  let inFence = false;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) inFence = !inFence;
      if (inFence || line.startsWith('    ')) return line;
      return keys.reduce((linked, key) => replaced(linked, key, `[${key}](${jiraUrl}/browse/${key})`), line);
    })
    .join('\n');
}

/** `[` and `/` stand before what is linked already, a backtick before code; a letter, digit or dash makes it another key. */
function replaced(line: string, key: string, link: string): string {
  let result = '';
  let from = 0;
  for (let at = line.indexOf(key); at >= 0; at = line.indexOf(key, from)) {
    const end = at + key.length;
    const free = !/[[/`\-a-zA-Z0-9]/.test(line[at - 1] ?? ' ') && !/[a-zA-Z0-9]/.test(line[end] ?? ' ');
    result += line.slice(from, at) + (free ? link : key);
    from = end;
  }
  return result + line.slice(from);
}
