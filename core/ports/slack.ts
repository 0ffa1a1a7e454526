import { type Bound, port, write } from './port.ts';

/** What the program lends: a client of the Slack workspace that `--slack-token-file` names. */
export interface SlackWriter {
  write(channel: string, text: string): Promise<void>;
}

/** Messages in Slack channels. One whose outcome nobody knows is sent again, since Slack lets nobody look for it. */
export function slackPort(slack: SlackWriter) {
  return port(
    'slack',
    {},
    { write: write((_gh, _at, channel: string, text: string): Promise<void> => slack.write(channel, text)) },
  );
}

declare module './index.ts' {
  interface PortMap {
    slack: Bound<ReturnType<typeof slackPort>>;
  }
}
