import type { Person } from './mirror.ts';

/** Who made a commit and when, as git takes it from the environment. */
export function personEnv(role: 'AUTHOR' | 'COMMITTER', { name, email, date }: Person): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: nameFor(name),
    [`GIT_${role}_EMAIL`]: withoutControl(email),
    ...(date && { [`GIT_${role}_DATE`]: date }),
  };
}

/** Anybody's commit may hold a name that git does not let us write again: one without a letter that it keeps. */
function nameFor(name: string): string {
  const plain = withoutControl(name);
  return /[^\s.,:;<>"\\']/.test(plain) ? plain : 'unknown';
}

function withoutControl(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
