import { z } from 'zod';
import { anyone, drawn, firstOf, globalSettings, none, pictureOf, plugin } from '../../core/plugin/index.ts';

const TRIES = 3;

/** Section `goose` of plugins.yaml. */
const Goose = z.object({
  /** The file that holds the key for the service. */
  key_path: z.string().default(''),
  /** Where pictures are asked for. */
  api_url: z.string().default('https://api.unsplash.com/photos/random?query=goose'),
});
const Answer = z.object({ urls: z.object({ small: z.string() }) });

const p = plugin({
  name: 'goose',
  summary: 'Adds a picture of a goose to an issue or pull request.',
  needs: ['web'],
  config: globalSettings('goose', Goose, {
    describe: ({ key_path }) => `The goose plugin uses an api key for unsplash.com stored in ${key_path}.`,
  }),
  priority: 'fun',
  snippet: 'goose:\n  key_path: /etc/unsplash-api/honk.txt\n',
});

/** Prow: pkg/plugins/goose/goose.go. Where the service is down, nothing is said. */
const honk = p.command({
  names: ['honk'],
  args: none,
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: 'Add a goose image to the issue or PR',
  examples: ['/honk'],
  async run({ config, ports, log, reply }) {
    const secretQuery = { name: 'client_id', file: config.key_path };
    const picture = await firstOf(TRIES, log, async (time) => {
      const { urls } = await drawn(ports.web, Answer, config.api_url, time, { secretQuery });
      return pictureOf(ports.web, urls.small);
    });
    if (picture !== undefined) await reply(`\n![goose image](${picture})`);
  },
});

export const goose = p.define({ commands: [honk] });
