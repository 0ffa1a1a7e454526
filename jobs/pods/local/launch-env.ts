import { POD_MARK } from './processes.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Of our own environment, what programs need to find their tools; nothing else of it reaches a job. */
const FOR_JOBS = ['LANG', 'LC_ALL', 'TZ'];
/** The pod utilities are ours: they go to the network and to git as we do. */
const FOR_UTILITIES =
  /^(?:GIT_(?:CONFIG_.*|TERMINAL_PROMPT|SSL_.*)|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|(?:https?|no|all)_proxy)$/i;

/** The environment that a process of the pod starts with, before what the pod says: a path, a home in the pod's folder, the pod's mark. */
export function baseEnvironment(
  own: NodeJS.ProcessEnv,
  { uid, home, tmp, utility }: { uid: string; home: string; tmp: string | undefined; utility: boolean },
): Record<string, string> {
  const taken = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (FOR_JOBS.includes(entry[0]) || (utility && FOR_UTILITIES.test(entry[0]))),
  );
  return {
    ...Object.fromEntries(taken),
    PATH: own.PATH ?? DEFAULT_PATH,
    HOME: home,
    ...(tmp !== undefined && { TMPDIR: tmp }),
    [POD_MARK]: uid,
  };
}
