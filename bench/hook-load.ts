// Sends webhooks over plain sockets, so that the sender costs little: `node hook-load.ts PORT TOTAL CONNECTIONS [PER_SECOND]`. Prints one line of JSON.
import { connect, type Socket } from 'node:net';
import { commentPayload, sign } from './hook-payload.ts';

const [port = 0, total = 0, connections = 1, perSecond = 0] = process.argv.slice(2).map(Number);
const payload = commentPayload();
const head = `POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: issue_comment\r\nX-Hub-Signature-256: ${sign(payload)}\r\nUser-Agent: GitHub-Hookshot/1\r\nContent-Length: ${payload.length}\r\nX-GitHub-Delivery: `;
const run = `${process.pid}-${Date.now()}`;
const times: number[] = [];
let sent = 0;
let failed = 0;
let began = 0;

interface Line {
  socket: Socket;
  sentAt: number;
}

function send(line: Line, at = performance.now()): void {
  line.sentAt = at;
  line.socket.cork();
  line.socket.write(`${head}${run}-${sent++}\r\n\r\n`, 'latin1');
  line.socket.write(payload);
  line.socket.uncork();
}

function finish(): never {
  times.sort((a, b) => a - b);
  const seconds = (performance.now() - began) / 1000;
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  process.stdout.write(
    `${JSON.stringify({ perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), failed })}\n`,
  );
  process.exit(0);
}

const idle: Line[] = [];
const due: number[] = [];

/** The line is free again: the next webhook at once, or when it is due. */
function next(line: Line): void {
  if (times.length + failed >= total) finish();
  if (perSecond === 0) {
    if (sent < total) send(line);
    return;
  }
  const at = due.shift();
  if (at === undefined) idle.push(line);
  else send(line, at);
}

function open(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const line: Line = { socket: connect(port, '127.0.0.1', () => resolve(line)), sentAt: 0 };
    line.socket
      .setNoDelay(true)
      .on('error', reject)
      .on('data', (data: Buffer) => {
        if (!data.includes('HTTP/1.1')) return;
        if (data.includes('HTTP/1.1 200')) times.push(performance.now() - line.sentAt);
        else failed++;
        next(line);
      });
  });
}

const lines = await Promise.all(Array.from({ length: connections }, open));
began = performance.now();
for (const line of lines) next(line);
if (perSecond > 0) {
  let asked = 0;
  setInterval(() => {
    const shouldBe = Math.min(total, ((performance.now() - began) / 1000) * perSecond);
    for (; asked < shouldBe; asked++) {
      const at = began + (asked / perSecond) * 1000;
      const line = idle.shift();
      if (line) send(line, at);
      else due.push(at);
    }
  }, 1);
}
