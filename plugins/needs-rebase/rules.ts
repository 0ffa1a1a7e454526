import { formatSimpleResponse, hasLabel, type PortMap, pruneComments, sameLogin } from '../../core/plugin/index.ts';

const LABEL = 'needs-rebase';
const MESSAGE = 'PR needs rebase.';
const DEPENDABOT = 'dependabot[bot]';
const DEPENDABOT_MESSAGE = 'rebase';

/** A pull request about which GitHub has said whether it can be merged. */
export interface Judged {
  author: string;
  labels: readonly string[];
  mergeable: boolean;
}

/** What is to be done so that label and comment tell the truth. */
export function stepFor({ labels, mergeable }: Judged): 'ask' | 'withdraw' | 'nothing' {
  const asked = hasLabel(labels, LABEL);
  if (!mergeable && !asked) return 'ask';
  return mergeable && asked ? 'withdraw' : 'nothing';
}

/** Dependabot gets the one word that it understands. */
function requestTo(author: string): string {
  return formatSimpleResponse(author === DEPENDABOT ? DEPENDABOT_MESSAGE : MESSAGE);
}

function isRequest(body: string): boolean {
  return body.includes(MESSAGE) || body.trim() === requestTo(DEPENDABOT).trim();
}

/**
 * Adds or removes label and comment (Prow: cmd/external-plugins/needs-rebase/plugin/plugin.go, takeAction). The label, by which the next look decides, changes
 * last, so that what fails on the way is done then.
 */
export async function follow(judged: Judged, bot: string, ports: Pick<PortMap, 'comments' | 'labels'>): Promise<void> {
  const step = stepFor(judged);
  if (step === 'ask') {
    const own = (await ports.comments.list()).filter(({ author }) => sameLogin(author, bot));
    if (!own.some(({ body }) => isRequest(body))) await ports.comments.create(requestTo(judged.author));
    await ports.labels.add(LABEL);
  } else if (step === 'withdraw') {
    await pruneComments(ports.comments, bot, ({ body }) => isRequest(body));
    await ports.labels.remove(LABEL);
  }
}
