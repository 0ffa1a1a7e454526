import { z } from 'zod';
import { anyone, drawn, firstOf, globalSettings, none, pictureOf, plugin } from '../../core/plugin/index.ts';

const TRIES = 5;
const SHOWN = /\.(?:jpg|gif|png)$/i;

/** Section `dog` of plugins.yaml; Prow has none. */
const Dog = z.object({
  /** Where pictures are asked for. */
  api_url: z.string().default('https://random.dog/woof.json'),
  fine_images_url: z.string().default('https://storage.googleapis.com/this-is-fine-images/'),
});
const Answer = z.object({ url: z.string().regex(SHOWN, 'is of a kind that GitHub does not show') });

const p = plugin({
  name: 'dog',
  summary: 'Adds a picture of a dog to an issue or pull request.',
  needs: ['web'],
  config: globalSettings('dog', Dog),
  priority: 'fun',
});

const data = { args: none, on: 'both', evenClosed: true, who: anyone } as const;
const woof = p.command({
  ...data,
  names: ['woof', 'bark'],
  help: 'Add a dog image to the issue or PR',
  examples: ['/woof', '/bark'],
});

/** The famous ones, first of all that is said first. */
const famous = [
  { name: 'fine', file: 'this_is_fine.png' },
  { name: 'not-fine', file: 'this_is_not_fine.png' },
  { name: 'unbearable', file: 'this_is_unbearable.jpg' },
].map(({ name, file }) => ({
  file,
  command: p.command({
    ...data,
    names: [`this-is-${name}`],
    help: `Add the dog who says so to the issue or PR`,
    examples: [`/this-is-${name}`],
  }),
}));

/** Prow: pkg/plugins/dog/dog.go. One dog a comment; where none can be found, nothing is said. */
const onComment = p.onComment(['created'], async ({ event, config, ports, log, reply }) => {
  const any = woof.said(event.text).length > 0;
  const known = famous.find(({ command }) => command.said(event.text).length > 0);
  if (!any && !known) return;
  const picture = await firstOf(TRIES, log, async (time) => {
    if (!any && known) return pictureOf(ports.web, config.fine_images_url + known.file);
    const { url } = await drawn(ports.web, Answer, config.api_url, time, { headers: { Accept: 'application/json' } });
    return pictureOf(ports.web, url);
  });
  if (picture !== undefined) await reply(`[![dog image](${picture})](${picture})`);
});

export const dog = p.define({ commands: [woof, ...famous.map(({ command }) => command)], handlers: [onComment] });
