import { z } from 'zod';
import { section } from '../config/section.ts';
import type { Settings } from './settings.ts';

const GitHubOptions = z.object({
  /** Where links to GitHub's pages begin. */
  link_url: z.string().default('https://github.com'),
});
export type GitHubOptions = z.output<typeof GitHubOptions>;

/** Section `github` of config.yaml. An address that is left empty is github.com's, as in Prow. */
const declared = section<typeof GitHubOptions, GitHubOptions>({
  key: 'github',
  schema: GitHubOptions,
  finish(options, view, file) {
    const link = options.link_url === '' ? GitHubOptions.parse({}).link_url : options.link_url;
    if (!URL.canParse(link))
      view.problem(file, ['github', 'link_url'], 'must be an address such as https://github.com');
    return { link_url: link.replace(/\/$/, '') };
  },
});

export const githubOptions: Settings<GitHubOptions> = {
  sections: [declared],
  forRepo: (config) => config.get(declared),
};
