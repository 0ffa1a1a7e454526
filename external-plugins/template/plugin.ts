import { anyone, plugin, rest } from 'cutwater/plugin';

const p = plugin({
  name: 'my-plugin',
  summary: 'Greets whoever asks for it.',
  // All that this plugin can see of GitHub.
  needs: ['comments'],
});

const hello = p.command({
  names: ['hello'],
  args: rest('whom'),
  on: 'both',
  who: anyone,
  help: 'Says hello.',
  examples: ['/hello', '/hello everybody'],
  async run({ args, event, reply }) {
    await reply(`Hello, ${args || `@${event.user}`}.`);
  },
});

const onOpened = p.on('pull_request', ['opened'], async ({ event, ports, log }) => {
  log.info({ number: event.number }, 'A pull request was opened');
  await ports.comments.create('Say `/hello`, and I answer.');
});

export const myPlugin = p.define({ commands: [hello], handlers: [onOpened] });
