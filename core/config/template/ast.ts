export type Node =
  | { type: 'text'; text: string }
  | { type: 'action'; pipe: Pipe }
  | { type: 'if' | 'with' | 'range'; pipe: Pipe; body: Node[]; otherwise: Node[] }
  | { type: 'template'; name: string; pipe: Pipe | undefined }
  | { type: 'break' | 'continue' };

/** Commands joined by `|`; what comes out may be kept in variables (two for `range $i, $x := …`). */
export interface Pipe {
  variables: string[];
  declares: boolean;
  commands: Operand[][];
}

export type Operand =
  | { type: 'dot' }
  | { type: 'field'; names: string[] }
  | { type: 'variable'; name: string; names: string[] }
  | { type: 'function'; name: string }
  | { type: 'value'; value: string | number | boolean | null }
  | { type: 'group'; pipe: Pipe; names: string[] };
