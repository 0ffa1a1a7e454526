/** Everything that can happen on this GitHub. Each action changes the state, tells the change feed and queues its webhooks. */
export * from './comments.ts';
export * from './issues.ts';
export * from './labels.ts';
export * from './prepared.ts';
export * from './pulls.ts';
export * from './pushes.ts';
export * from './repos.ts';
export * from './reviews.ts';
export * from './statuses.ts';
