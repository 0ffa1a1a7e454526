import type { PubSub } from '@google-cloud/pubsub';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import type { Publish } from './reporter.ts';

/** gRPC's codes for what trying again does not change: the arguments, the topic, the rights. */
const FINAL = new Set([3, 5, 7, 16]);

/** Publishes through Google's library, which also knows PUBSUB_EMULATOR_HOST. It is loaded with the first message; each project has one client. */
export function pubsubPublisher(keyFile?: string): { publish: Publish; close(): Promise<void> } {
  const clients = new Map<string, Promise<PubSub>>();
  async function connect(projectId: string): Promise<PubSub> {
    const { PubSub: Client } = await import('@google-cloud/pubsub');
    return new Client({ projectId, ...(keyFile && { keyFilename: keyFile }) });
  }
  return {
    async publish(project, topic, data) {
      const client = clients.get(project) ?? connect(project);
      clients.set(project, client);
      try {
        await (await client).topic(topic, { batching: { maxMessages: 1 } }).publishMessage({ data });
      } catch (error) {
        const code = FINAL.has(Number((error as { code?: unknown }).code)) ? 'user' : 'transient';
        throw new CutwaterError(code, `failed to publish to topic "${project}/${topic}": ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    async close() {
      for (const client of clients.values()) await (await client).close();
    },
  };
}
