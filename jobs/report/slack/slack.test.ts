import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProwJob, ProwJobSpec, SlackReporterConfig } from '../../api/prowjob.ts';
import { slackClient } from './client.ts';
import type { SlackReport } from './config.ts';
import { slackReporter } from './reporter.ts';

const refs = { org: 'acme', repo: 'site' };

function job(spec: ProwJobSpec = {}, slack?: SlackReporterConfig): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name: 'one' },
    spec: { type: 'presubmit', job: 'unit', refs, ...spec, ...(slack && { reporter_config: { slack } }) },
    status: { state: 'failure', url: 'http://log' },
  };
}

const general: SlackReport = { channel: 'all', job_types_to_report: ['presubmit'], job_states_to_report: ['failure'] };
const reporter = (config: Record<string, SlackReport>, clients = new Map()) =>
  slackReporter({ config: () => config, clients });

describe('which jobs Slack hears of', () => {
  it.each([
    { name: 'type and state match', config: { '*': general }, job: job(), wanted: true },
    {
      name: 'another state',
      config: { '*': { ...general, job_states_to_report: ['success' as const] } },
      job: job(),
      wanted: false,
    },
    { name: 'another type', config: { '*': general }, job: job({ type: 'periodic' }), wanted: false },
    {
      name: 'another type, but a channel of its own',
      config: { '*': general },
      job: job({ type: 'periodic' }, { channel: 'mine' }),
      wanted: true,
    },
    {
      name: 'a channel of its own, but other states',
      config: { '*': general },
      job: job({}, { channel: 'mine', job_states_to_report: ['error'] }),
      wanted: false,
    },
    {
      name: 'its own states, from the general types',
      config: { '*': { ...general, job_states_to_report: [] } },
      job: job({}, { job_states_to_report: ['failure'] }),
      wanted: true,
    },
    {
      name: 'told to be silent',
      config: { '*': general },
      job: job({}, { channel: 'mine', report: false }),
      wanted: false,
    },
    { name: 'nothing is configured', config: {}, job: job(), wanted: false },
    {
      name: 'nothing is configured but the job',
      config: {},
      job: job({}, { channel: 'mine', job_states_to_report: ['failure'] }),
      wanted: true,
    },
    {
      name: 'the repository has its own entry',
      config: { '*': general, 'acme/site': { ...general, job_states_to_report: [] } },
      job: job(),
      wanted: false,
    },
    {
      name: 'the organisation has its own entry',
      config: { '*': general, acme: { ...general, job_types_to_report: [] } },
      job: job(),
      wanted: false,
    },
    {
      name: "a periodic is its first extra refs'",
      config: { acme: { ...general, job_types_to_report: ['periodic' as const] } },
      job: { ...job(), spec: { type: 'periodic' as const, extra_refs: [refs] } },
      wanted: true,
    },
  ])('$name: $wanted', ({ config, job: given, wanted }) => {
    expect(reporter(config).shouldReport(given)).toBe(wanted);
  });
});

describe('a message', () => {
  let server: Server;
  let got: { path: string; auth: string; body: URLSearchParams }[];
  let answers: ((response: ServerResponse) => void)[];
  beforeEach(async () => {
    got = [];
    answers = [];
    server = createServer(async (request: IncomingMessage, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      got.push({ path: request.url ?? '', auth: request.headers.authorization ?? '', body: new URLSearchParams(body) });
      const answer = answers.shift();
      response.setHeader('content-type', 'application/json');
      if (answer) answer(response);
      else response.end('{"ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  function client(token = 'xoxb-1') {
    return slackClient(() => token, `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`);
  }
  const signal = new AbortController().signal;

  it("goes to the job's channel with a link to the log", async () => {
    await reporter({ '*': general }, new Map([['*', client()]])).report(job({}, { channel: 'mine' }), signal);
    expect(got[0]?.path).toBe('/api/chat.postMessage');
    expect(Object.fromEntries(got[0]?.body ?? [])).toMatchObject({
      channel: 'mine',
      username: 'prow',
      icon_emoji: ':prow:',
      text: 'Job unit of type presubmit ended with state failure. <http://log|View logs>',
    });
    expect(got[0]?.auth).toBe('Bearer xoxb-1');
  });

  it('goes to the workspace that the job names, in its words', async () => {
    const clients = new Map([['other', client('xoxb-2')]]);
    await reporter({ '*': general }, clients).report(
      job({}, { host: 'other', report_template: '{{.Spec.Refs.Org}} failed' }),
      signal,
    );
    expect([got[0]?.auth, got[0]?.body.get('text'), got[0]?.body.get('channel')]).toEqual([
      'Bearer xoxb-2',
      'acme failed',
      'all',
    ]);
  });

  it('waits as long as Slack asks for, and goes out once', async () => {
    answers.push((response) => {
      response.writeHead(429, { 'retry-after': '1' });
      response.end('{"ok":false,"error":"ratelimited"}');
    });
    await client().write('all', 'hello');
    expect(got.map(({ body }) => body.get('text'))).toEqual(['hello', 'hello']);
  });

  it('does not go out where the report was given up meanwhile: it is made anew, and people would read it twice', async () => {
    answers.push((response) => {
      response.writeHead(429, { 'retry-after': '1' });
      response.end('{"ok":false,"error":"ratelimited"}');
    });
    const limit = new AbortController();
    const report = reporter({ '*': general }, new Map([['*', client()]])).report(job(), limit.signal);
    await expect.poll(() => got).toHaveLength(1);
    limit.abort();
    await expect(report).rejects.toThrow('aborted');
    expect(got).toHaveLength(1);
  });

  it.each([
    { name: 'no such channel', answer: '{"ok":false,"error":"channel_not_found"}', status: 200, code: 'user' },
    { name: 'Slack is unwell', answer: '{"ok":false,"error":"internal_error"}', status: 200, code: 'transient' },
    { name: 'Slack answers 500', answer: 'oops', status: 500, code: 'transient' },
  ])('fails where $name', async ({ answer, status, code }) => {
    answers.push((response) => {
      response.statusCode = status;
      response.end(answer);
    });
    await expect(client().write('all', 'hello')).rejects.toMatchObject({ code });
    expect(got).toHaveLength(1);
  });

  it.each([
    { name: 'a workspace that is not known', slack: { host: 'unknown' } },
    { name: 'a template that does not fit', slack: { report_template: '{{.Spec.NoSuchField}}' } },
  ])('is not sent for $name', async ({ slack }) => {
    const sent = reporter({ '*': general }, new Map([['*', client()]])).report(job({}, slack), signal);
    await expect(sent).rejects.toMatchObject({ code: 'user' });
    expect(got).toEqual([]);
  });
});
