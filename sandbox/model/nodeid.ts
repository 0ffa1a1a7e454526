/** GitHub's global ids, readable: a prefix of the kind and the record's id. */
export type NodePrefix =
  | 'U'
  | 'O'
  | 'BOT'
  | 'R'
  | 'I'
  | 'PR'
  | 'IC'
  | 'PRR'
  | 'PRRC'
  | 'LA'
  | 'MI'
  | 'T'
  | 'CR'
  | 'CS'
  | 'SC'
  | 'PJ'
  | 'PVT'
  | 'PVTI'
  | 'A'
  | 'RE'
  | 'EV'
  | 'WFR';

export function nodeId(prefix: NodePrefix, id: number): string {
  return `${prefix}_${id}`;
}

export function parseNodeId(text: string): { prefix: string; id: number } | undefined {
  const match = /^([A-Z]+)_(\d+)$/.exec(text);
  return match?.[1] && match[2] ? { prefix: match[1], id: Number(match[2]) } : undefined;
}
