import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a test wants to go wrong: the next `times` requests that match are answered so. */
export interface Fault {
  /** Left out: any. */
  method?: string;
  /** Matched against path and query, such as `/\/statuses\//`. */
  path?: RegExp;
  /** Matched against the body, which tells GraphQL requests apart. */
  body?: RegExp;
  times: number;
  /** Told when the request begins to hang: then its sender may be made to give up. */
  onHang?(): void;
  answer:
    | {
        status: number;
        headers?: Record<string, string>;
        body?: unknown /** Does what was asked all the same. */;
        after?: boolean;
      }
    | 'hang'
    /** Does what was asked, and never answers. */
    | 'hang after'
    | 'reset';
}

/** Faults for tests: an outage, a limit, an answer that never comes. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Takes the fault that meets this request, if any. */
  take(method: string, target: string, body: string): Fault | undefined;
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add: (fault) => {
      faults.push({ ...fault });
    },
    clear: () => {
      faults = [];
    },
    take(method, target, body) {
      const found = faults.find(
        (it) =>
          (!it.method || it.method === method) && (it.path?.test(target) ?? true) && (it.body?.test(body) ?? true),
      );
      if (!found) return undefined;
      found.times -= 1;
      if (found.times <= 0) faults = faults.filter((it) => it !== found);
      return found;
    },
  };
}

/** Answers as the fault says. A request that hangs ends when its sender gives up or the sandbox closes. */
export function answerFault(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.answer === 'hang' || fault.answer === 'hang after') {
    fault.onHang?.();
    return;
  }
  if (fault.answer === 'reset') {
    request.socket.destroy();
    return;
  }
  const { status, headers = {}, body = { message: 'Server Error' } } = fault.answer;
  response
    .writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}
