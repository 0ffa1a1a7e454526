import { isAuthorized } from './authorized.ts';
import { whoCanUse } from './config.ts';
import { isOverride } from './contexts.ts';
import type { Context } from './needs.ts';

/** Takes overrides back, all of them where none is named (Prow: handleOverrideCancel). */
export async function cancelOverrides(context: Context): Promise<void> {
  const { event, ports, said, reply } = context;
  const pull = await ports.pull.get();
  if (!(await isAuthorized(context, pull)))
    return reply(`${event.user} unauthorized: /override-cancel is restricted to ${whoCanUse(context.config, event)}`);
  const all = said.some(({ args }) => args.length === 0);
  const wanted = new Set(said.flatMap(({ args }) => args));
  const overridden = (await ports.statuses.combined(pull.head.sha)).filter(
    (status) => isOverride(status) && (all || wanted.has(status.context)),
  );
  if (overridden.length === 0) return reply('No overrides found to cancel');
  const description = `Override cancelled by ${event.user}`;
  for (const { context: name, url } of overridden)
    await ports.statuses.set(pull.head.sha, {
      context: name,
      state: 'failure',
      description,
      ...(url !== '' && { url }),
    });
  const names = overridden.map((status) => status.context).sort();
  await reply(`Cancelled overrides on behalf of ${event.user}: ${names.join(', ')}`);
}
