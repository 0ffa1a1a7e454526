import type { CommandEventContext } from './context.ts';

/** Who may say a command, in words for the help page and as a rule. */
export interface Who {
  /** `Anyone`, `Collaborators of the repository`, … (WhoCanUse in /plugin-help). */
  description: string;
  /** true, or what the person is told; `false` refuses in silence. */
  allows(context: CommandEventContext): Promise<true | false | { reply: string }>;
}

/** Anyone who can comment. */
export const anyone: Who = { description: 'Anyone', allows: async () => true };

/** The plugin's own handler decides, because the answer depends on more than the person; `description` says what it decides by. */
export function decidedBy(description: string): Who {
  return { description, allows: async () => true };
}

/** Whether two logins are one: GitHub's logins do not regard case. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Who opened the issue or pull request, or a collaborator of the repository. */
export function authorOrCollaborator(refusal: string): Who {
  return {
    description: 'The author and collaborators of the repository',
    async allows({ event, ports }) {
      if (sameLogin(event.user, event.author)) return true;
      return (await ports.people.isCollaborator(event.user)) || { reply: refusal };
    },
  };
}

/** Members of the organisation. */
export function members(refusal?: string): Who {
  return {
    description: 'Members of the organization',
    async allows({ event, ports }) {
      return (
        (await ports.people.isMember(event.org, event.user)) || (refusal === undefined ? false : { reply: refusal })
      );
    },
  };
}
