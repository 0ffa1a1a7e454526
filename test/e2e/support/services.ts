import { CutwaterError } from '../../../core/errors.ts';
import type { ConfigMapAccess } from '../../../core/ports/config-maps.ts';
import type { SlackWriter } from '../../../core/ports/slack.ts';
import type { Bugzilla } from '../../../core/trackers/bugzilla.ts';
import type { Jira } from '../../../core/trackers/jira.ts';

/** Services beside GitHub, in memory. They forget what they are told, so that every time is like the first, but for the list of it. */
export interface Services {
  jira: Jira;
  bugzilla: Bugzilla;
  configMaps: ConfigMapAccess;
  slack: SlackWriter;
  /** What was changed there. */
  told: Set<string>;
}

/** A Jira with the issue ABC-1, and a Bugzilla with the bug 7, which is new. */
export function standIns(): Services {
  const told = new Set<string>();
  const tell = (what: string): void => void told.add(what);
  return {
    told,
    jira: {
      url: 'https://jira.example',
      projects: async () => ['ABC'],
      hasIssue: async (key) => key === 'ABC-1',
      link: async (key) => tell(`jira: link on ${key}`),
    },
    bugzilla: bugzillaTelling(tell),
    configMaps: {
      defaultNamespace: () => 'prow',
      get: async () => undefined,
      put: async ({ namespace, name }, { data = {} }) =>
        tell(`config map: ${namespace}/${name} has ${Object.keys(data).sort()}`),
    },
    slack: { write: async (channel) => tell(`slack: ${channel}`) },
  };
}

function bugzillaTelling(tell: (what: string) => void): Bugzilla {
  const bug = { id: 7, summary: 'x', status: 'NEW', resolution: '', severity: 'high', whiteboard: '', is_open: true };
  const none = { target_release: [], groups: [], blocks: [], depends_on: [] };
  return {
    url: 'https://bugzilla.example',
    async bug(id) {
      if (id !== bug.id) throw new CutwaterError('not-found', 'no such bug');
      return { ...bug, ...none };
    },
    update: async (id, change) => tell(`bugzilla: ${id} is ${change.status}`),
    create: async ({ summary }) => {
      tell(`bugzilla: made ${summary}`);
      return 8;
    },
    createdSince: async () => undefined,
    comments: async () => [],
    comment: async (id) => tell(`bugzilla: comment on ${id}`),
    subComponents: async () => ({}),
    pulls: async () => [],
    async addPull(id) {
      tell(`bugzilla: pull request of ${id}`);
      return true;
    },
    removePull: async () => false,
  };
}
