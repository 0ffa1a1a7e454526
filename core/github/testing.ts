import nock from 'nock';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { fixedSecret } from '../secrets/secret.ts';
import { createGitHub, type GitHub, type GitHubOptions } from './github.ts';

export const API = 'https://github.test/api/v3';
export const issue = { owner: 'acme', repo: 'x', issue_number: 5 };

/** A client of a GitHub that nock plays, anew for each test of the file; no test may leave an answer unasked for, nor the token in the log. */
export function githubStage() {
  let github!: GitHub;
  const stage = {
    lines: [] as string[],
    registry: new Registry(),
    /** The one that was opened last. */
    get github() {
      return github;
    },
    open(options: Partial<GitHubOptions> = {}): GitHub {
      const log = pino({ level: 'debug' }, { write: (line: string) => void stage.lines.push(line) });
      const auth = { token: fixedSecret('ghp_secret') };
      const { registry } = stage;
      github = createGitHub({ auth, endpoints: [API], retry: { initialDelayMs: 1 }, log, registry, ...options });
      return github;
    },
  };
  beforeAll(() => {
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
  });
  beforeEach(() => {
    stage.lines = [];
    stage.registry = new Registry();
  });
  afterEach(() => {
    github.close();
    const unused = nock.pendingMocks();
    nock.cleanAll();
    expect(unused).toEqual([]);
    expect(stage.lines.join('')).not.toContain('ghp_secret');
  });
  return stage;
}
