import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../../core/config/config.ts';
import { isYaml, walk } from '../../../core/config/files.ts';
import { splitRepo } from '../../../jobs/config/gerrit.ts';
import { ignoredBy, type JobText } from '../../../jobs/inrepo/files.ts';
import { finishProwYaml, type OwnJobs } from '../../../jobs/inrepo/finish.ts';
import { parseProwYaml } from '../../../jobs/inrepo/parse.ts';

/** The jobs that a working copy declares in `.prow/` or `.prow.yaml`, checked as they would be for `repo`. Throws `user` with what is wrong. */
export function checkProwYaml(config: Config, folder: string, repo: string): OwnJobs {
  const { org, repo: name } = splitRepo(repo) ?? { org: repo, repo: '' };
  return finishProwYaml(config, parseProwYaml(jobTexts(folder)), org, name);
}

function jobTexts(folder: string): JobText[] {
  const [many, one, ignores] = ['.prow', '.prow.yaml', '.prowignore'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  if (!existsSync(many) || !statSync(many).isDirectory()) return existsSync(one) ? [textAt(one)] : [];
  const ignored = ignoredBy(existsSync(ignores) ? [{ path: '.prowignore', text: readFileSync(ignores, 'utf8') }] : []);
  return walk(many, isYaml)
    .files.filter((file) => !ignored(path.relative(folder, file)))
    .map(textAt);
}

function textAt(file: string): JobText {
  return { path: file, text: readFileSync(file, 'utf8') };
}
