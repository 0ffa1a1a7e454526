import { z } from 'zod';
import { anyone, firstOf, globalSettings, pictureOf, plugin, rest } from '../../core/plugin/index.ts';

const TRIES = 9;
const PIXABAY = 'https://cdn.pixabay.com/photo';

/** Section `trick_or_treat` of plugins.yaml; Prow has none. */
const TrickOrTreat = z.object({
  /** Addresses of pictures, of which one is drawn. */
  images: z
    .array(z.string())
    .default([
      `${PIXABAY}/2015/04/23/02/21/candy-735595_960_720.jpg`,
      `${PIXABAY}/2013/07/25/11/51/jellybean-166828_960_720.jpg`,
      `${PIXABAY}/2014/04/05/11/30/sweets-316059_640.jpg`,
      `${PIXABAY}/2013/08/10/18/41/candy-171343_960_720.jpg`,
      `${PIXABAY}/2015/09/25/01/11/candy-956555_960_720.jpg`,
      'https://static.pexels.com/photos/539447/pexels-photo-539447.jpeg',
      'https://static.pexels.com/photos/35028/valentine-candy-hearts-conversation-sweet.jpg',
    ]),
});

const p = plugin({
  name: 'trick-or-treat',
  summary: 'Adds a picture of candy to an issue or pull request.',
  needs: ['web'],
  config: globalSettings('trick_or_treat', TrickOrTreat),
  priority: 'fun',
});

/** Prow: pkg/plugins/trick-or-treat. Where no picture can be found, nothing is said. */
const command = p.command({
  names: ['trick-or-treat', 'trickortreat', 'trick-ortreat', 'trickor-treat'],
  args: rest('anything'),
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: 'Add a candy image to the issue or PR',
  examples: ['/trick-or-treat', '/trickortreat'],
  async run({ config, ports, log, random, reply }) {
    const picture = await firstOf(TRIES, log, async () => {
      const drawn = config.images[Math.floor(random() * config.images.length)];
      return pictureOf(ports.web, drawn ?? '');
    });
    if (picture !== undefined) await reply(`![candy image](${picture})`);
  },
});

export const trickOrTreat = p.define({ commands: [command] });
