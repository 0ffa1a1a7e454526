import { z } from 'zod';
import { section } from '../../core/config/section.ts';

const DEFAULT_OUTSTANDING = 10;

/** The older key `pubsub_subscriptions`: topics by project; jobs may run on any cluster. */
export const pubsubSubscriptions = section({
  key: 'pubsub_subscriptions',
  schema: z.record(z.string(), z.array(z.string())).default({}),
});

const PubSubTrigger = z.object({
  project: z.string().default(''),
  topics: z.array(z.string()).default([]),
  allowed_clusters: z.array(z.string()).default([]),
  max_outstanding_messages: z.int().default(0),
});
type PubSubTrigger = z.output<typeof PubSubTrigger>;

/** The key `pubsub_triggers`: Pub/Sub subscriptions whose messages start jobs (Prow: PubSubTriggers), those of the older key included. */
export const pubsubTriggers = section({
  key: 'pubsub_triggers',
  schema: z.array(PubSubTrigger).default([]),
  finish(triggers, view, file): PubSubTrigger[] {
    const subscriptions = Object.entries(view.get(pubsubSubscriptions));
    if (subscriptions.length > 0 && triggers.length > 0)
      view.problem(file, ['pubsub_triggers'], 'pubsub_subscriptions and pubsub_triggers are mutually exclusive');
    const older = subscriptions.map(([project, topics]) => ({
      project,
      topics,
      allowed_clusters: ['*'],
      max_outstanding_messages: 0,
    }));
    return [...triggers, ...older].map((trigger) => ({
      ...trigger,
      max_outstanding_messages: trigger.max_outstanding_messages || DEFAULT_OUTSTANDING,
    }));
  },
});
