import { z } from 'zod';
import { anyone, drawn, firstOf, globalSettings, none, plugin } from '../../core/plugin/index.ts';

const TRIES = 5;

/** Section `yuks` of plugins.yaml; Prow has none. */
const Yuks = z.object({
  /** Where jokes are asked for. */
  api_url: z.string().default('https://icanhazdadjoke.com'),
});
const Answer = z.object({ joke: z.string().min(1) });

const p = plugin({
  name: 'yuks',
  summary: 'Tells jokes.',
  needs: ['web'],
  config: globalSettings('yuks', Yuks),
  priority: 'fun',
});

/** Prow: pkg/plugins/yuks/yuks.go. Where no joke can be found, nothing is said. */
const command = p.command({
  names: ['joke'],
  args: none,
  on: 'both',
  evenClosed: true,
  who: anyone,
  help: 'Tells a joke.',
  examples: ['/joke'],
  async run({ config, ports, log, reply }) {
    const headers = { Accept: 'application/json' };
    const found = await firstOf(TRIES, log, (time) => drawn(ports.web, Answer, config.api_url, time, { headers }));
    if (found) await reply(plain(found.joke));
  },
});

/** A joke comes from elsewhere: whatever means something in Markdown or HTML is written as a character reference. */
function plain(joke: string): string {
  return joke.replace(/[^\w?'!., ]/gu, (char) => `&#${char.codePointAt(0)};`);
}

export const yuks = p.define({ commands: [command] });
