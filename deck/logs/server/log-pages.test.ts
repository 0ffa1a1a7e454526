import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeJob, fakeJob, serveLogs } from '../testing/jobs.ts';
import { renderDocument } from '../ui/render.tsx';
import type { JobNews, LogWindow } from '../views.ts';

const EVIL = '<script>alert(1)</script>\u001b]8;;javascript:alert(1)\u0007 --- FAIL: TestX';
const jobs: Record<string, FakeJob> = {
  unit: fakeJob('unit', 'failure', `first\n${EVIL}\n${'more\n'.repeat(2000)}`),
  e2e: fakeJob('e2e', 'pending', 'begins\n'),
  waits: fakeJob('waits', 'triggered', undefined),
  silent: fakeJob('silent', 'success', ''),
};
let server: Awaited<ReturnType<typeof serveLogs>>;
beforeAll(async () => {
  const assets = { script: 'client.js', style: 'style.css' };
  server = await serveLogs(Object.values(jobs), { render: renderDocument, assets, asset: async () => undefined });
});
afterAll(() => server.close());

const page = async (path: string) => (await fetch(server.url + path)).text();

describe('a job', () => {
  it('shows its facts, its first finding and its log, with nothing in them that acts', async () => {
    const html = await page('/view/prowjob/unit/7');
    expect(html).toContain('Go to the finding');
    expect(html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('href="javascript');
    expect(html).toContain('Took <b>4:31</b>');
    expect(html).toMatch(/<li id="L2" class="found">/);
  });

  it.each([
    ['/view/prowjob/waits/7', 'The log begins once the job has its pod.'],
    ['/view/prowjob/silent/7', 'The job ended without writing a line.'],
    ['/view/gs/bucket/pr-logs/pull/acme_widgets/42/unit/7', 'Retry &lt;uploads'],
    ['/view/prowjob/unit/8', 'No run 8 of unit is known here.'],
    ['/', 'acme/widgets #42'],
  ])('%s says %s', async (path, words) => {
    expect((await page(path)).replaceAll('<!-- -->', '')).toContain(words);
  });

  it('allows no script but its own', async () => {
    const { headers } = await fetch(`${server.url}/view/prowjob/unit/7`);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});

describe('lines', () => {
  const lines = async (query: string): Promise<LogWindow> =>
    (await fetch(`${server.url}/view/prowjob/unit/7/lines?${query}`)).json();

  it('come in windows of at most 500', async () => {
    expect((await lines('from=1&count=9999')).lines).toHaveLength(500);
    expect((await lines('from=2001&count=500')).lines).toHaveLength(2);
    expect(await lines('from=5000&count=5')).toEqual({ first: 5000, lines: [] });
  });
});

describe('raw logs', () => {
  it("are plain text that other pages may read, under Prow's parameters", async () => {
    const response = await fetch(`${server.url}/log?job=unit&id=7`);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.text()).toContain(EVIL);
  });

  it.each([
    ['/log?id=7', 400, "missing required query parameter 'job'\n"],
    ['/log?job=unit', 400, "missing required query parameter 'id'\n"],
    ['/log?job=waits&id=7', 404, 'Log not found: no log of job "waits", id "7"\n'],
  ])('%s: %i', async (path, status, text) => {
    const response = await fetch(server.url + path);
    expect([response.status, await response.text()]).toEqual([status, text]);
  });
});

describe('the event stream', () => {
  it('tells of new lines while the job runs, and of its end', async () => {
    const { e2e } = jobs;
    if (!e2e) throw new Error('no such job');
    const next = await newsOf('/view/prowjob/e2e/7/live');
    await next(({ log }) => log.lines === 1);
    e2e.log = Buffer.from('begins\ngoes on\nERROR: here\n');
    const { log } = await next((news) => news.log.lines === 3);
    expect(log.findings).toEqual([{ line: 3, text: 'ERROR: here' }]);
    Object.assign(e2e.prowJob.status, { state: 'failure', completionTime: '2026-11-21T06:10:00Z' });
    expect((await next((news) => news.log.whole)).job.state).toBe('failure');
  });
});

it('changes nothing, whatever is posted', async () => {
  expect((await fetch(`${server.url}/view/prowjob/unit/7`, { method: 'POST' })).status).toBe(405);
  expect(await page('/nothing')).toBe('not ours\n');
});

async function newsOf(path: string): Promise<(fits: (news: JobNews) => boolean) => Promise<JobNews>> {
  const response = await fetch(server.url + path);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async (fits) => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) {
        text += (await reader?.read())?.value ?? '';
        continue;
      }
      const [event, data = ''] = text.slice(0, end).split('\ndata: ');
      text = text.slice(end + 2);
      if (event !== 'event: news') continue;
      const news: JobNews = JSON.parse(data);
      if (fits(news)) return news;
    }
  };
}
