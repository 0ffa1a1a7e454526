import { z } from 'zod';
import {
  anyone,
  CutwaterError,
  drawn,
  firstOf,
  globalSettings,
  hasCode,
  markdownUrl,
  pictureOf,
  plugin,
  rest,
} from '../../core/plugin/index.ts';

const TRIES = 5;
const MAX_PONIES = 5;

/** Section `pony` of plugins.yaml; Prow has none. */
const Pony = z.object({
  /** Where pictures are asked for. */
  api_url: z.string().default('https://theponyapi.com/api/v1/pony/random'),
});
const Answer = z.object({ pony: z.object({ representations: z.object({ full: z.string(), small: z.string() }) }) });

const p = plugin({
  name: 'pony',
  summary: 'Adds a picture of a little pony to an issue or pull request.',
  needs: ['web'],
  config: globalSettings('pony', Pony),
  priority: 'fun',
});

/** Prow: pkg/plugins/pony/pony.go. All lines that ask are answered together; where the service is down, nothing is said. */
const command = p.command({
  names: ['pony'],
  args: rest('pony'),
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: `Add a little pony image to the issue or PR, up to ${MAX_PONIES} with one comment. A particular pony can optionally be named for a picture of that specific pony.`,
  examples: ['/pony', '/pony Twilight Sparkle'],
  async run({ said, config, ports, log, reply }) {
    const tags = said.slice(0, MAX_PONIES).map(({ args }) => args);
    const pictures = await Promise.allSettled(
      tags.map((tag, index) =>
        firstOf(TRIES, log, async (time) => {
          const { small, full } = await find(tag, index * TRIES + time);
          return `[![pony image](${await pictureOf(ports.web, small)})](${markdownUrl(full)})\n`;
        }),
      ),
    );
    const found = pictures.flatMap((picture) => (picture.status === 'fulfilled' ? (picture.value ?? []) : []));
    if (found.length > 0) return reply(found.join(''));
    for (const picture of pictures) if (picture.status === 'rejected') throw picture.reason;

    async function find(tag: string, time: number) {
      const url = new URL(config.api_url);
      url.searchParams.set('q', tag);
      try {
        return (await drawn(ports.web, Answer, url.href, time)).pony.representations;
      } catch (error) {
        if (tag === '' || !hasCode(error, 'not-found')) throw error;
        throw new CutwaterError('user', "Couldn't find a pony matching given tag(s).");
      }
    }
  },
});

export const pony = p.define({ commands: [command] });
