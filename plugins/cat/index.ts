import { z } from 'zod';
import {
  anyone,
  CutwaterError,
  drawn,
  firstOf,
  globalSettings,
  pictureOf,
  plugin,
  rest,
} from '../../core/plugin/index.ts';

const TRIES = 3;
const BAD_CATEGORY = 'Bad category. Please see https://api.thecatapi.com/api/categories/list';
const GRUMPY = 'https://upload.wikimedia.org/wikipedia/commons/e/ee/Grumpy_Cat_by_Gage_Skidmore.jpg';

/** Section `cat` of plugins.yaml. */
const Cat = z.object({
  /** The file that holds the key for the service. */
  key_path: z.string().default(''),
  /** Where pictures are asked for. */
  api_url: z.string().default('https://api.thecatapi.com/v1/images/search?format=json&results_per_page=1'),
  grumpy_url: z.string().default(GRUMPY),
});
const Answer = z.array(z.object({ url: z.string() }));

const p = plugin({
  name: 'cat',
  summary: 'Adds a picture of a cat to an issue or pull request.',
  needs: ['web'],
  config: globalSettings('cat', Cat, {
    describe: ({ key_path }) => `The cat plugin uses an api key for thecatapi.com stored in ${key_path}.`,
  }),
  priority: 'fun',
  snippet: 'cat:\n  key_path: /etc/cat-api/api-key\n',
});

/** Prow: pkg/plugins/cat/cat.go. The first line that asks is answered; where the service is down, nothing is said. */
const meow = p.command({
  names: ['meow', 'meowvie'],
  args: rest('CATegory'),
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: 'Add a cat image to the issue or PR; /meowvie asks for one that moves.',
  examples: ['/meow', '/meow caturday', '/meowvie clothes'],
  async run({ said, args: category, config, ports, log, reply }) {
    const url = new URL(config.api_url);
    if (category !== '') url.searchParams.append('category', category);
    if (said[0]?.name === 'meowvie') url.searchParams.append('mime_types', 'gif');
    const secretQuery = { name: 'api_key', file: config.key_path };
    const picture = await firstOf(TRIES, log, async (time) => {
      if (/^(?:no|grumpy)$/i.test(category)) return pictureOf(ports.web, config.grumpy_url);
      const [first] = await drawn(ports.web, Answer, url.href, time, { secretQuery });
      if (!first && category !== '') throw new CutwaterError('user', BAD_CATEGORY);
      return pictureOf(ports.web, first?.url ?? '');
    });
    if (picture !== undefined) await reply(`![cat image](${picture})`);
  },
});

export const cat = p.define({ commands: [meow] });
