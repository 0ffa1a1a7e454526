import { compilePattern, type Pattern } from '../../core/plugin/index.ts';
import { meaningfulLines } from './generated.ts';

/** The patterns that a `.gitattributes` marks `linguist-generated=true` (Prow: pkg/gitattributes). Negative and directory patterns are skipped, as git does. */
export function linguistGenerated(text: string): Pattern[] {
  return meaningfulLines(text).flatMap((line) => {
    const [glob = '', ...attributes] = line.split(/\s+/);
    if (!attributes.includes('linguist-generated=true') || glob.startsWith('!') || glob.endsWith('/')) return [];
    return compiled(globSource(glob));
  });
}

/** Matched by RE2, because a repository's own file must not be able to hold up the bot. */
function compiled(source: string): Pattern[] {
  try {
    return [compilePattern(source)];
  } catch {
    return [];
  }
}

/** gitignore's rules: without a slash any part of the path may match, with one the path from its beginning; what lies below matches too. */
function globSource(glob: string): string {
  const parts = glob.split('/').filter((part) => part !== '');
  const start = glob.includes('/') ? '^' : '(?:^|/)';
  const sources = parts.map((part, index) => {
    const last = index === parts.length - 1;
    if (part === '**') return last ? '.*' : '(?:[^/]+/)*';
    return partSource(part) + (last ? '(?:/|$)' : '/');
  });
  return start + sources.join('');
}

function partSource(part: string): string {
  return part.replace(/\[[^\]]*\]|\\.|[\s\S]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^');
    return token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/^\\\\(\\?.)$/, '$1');
  });
}
