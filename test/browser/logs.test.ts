import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeJob, serveLogs } from '../../deck/logs/testing/jobs.ts';
import { hasChromium, launch, openPage, overflow, picture, visit } from './chromium.ts';

const EVIL = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u001b[31mred\u001b[0m';
const LONG = Array.from({ length: 5000 }, (_, index) => `line ${index + 1}${index === 3999 ? ' --- FAIL: TestX' : ''}`);

describe.skipIf(!hasChromium())('the log pages in Chromium', () => {
  const running = fakeJob('pull-widgets-e2e', 'pending', `${EVIL}\n`);
  const failed = fakeJob('pull-widgets-lint', 'failure', `${LONG.join('\n')}\n`);
  let server: Awaited<ReturnType<typeof serveLogs>>;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveLogs([running, failed]), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('follows a log while its job runs, runs nothing in it, and tells of the end', async () => {
    const { page, problems } = await openPage(browser);
    await visit(page, `${server.url}/view/prowjob/pull-widgets-e2e/7`);
    await page.waitForSelector('.log-lines .tone-failure >> text=red');
    running.log = Buffer.from(`${EVIL}\n${LONG.slice(0, 300).join('\n')}\n`);
    await page.waitForSelector('#L301');
    await page.waitForFunction(() => {
      const box = document.getElementById('log');
      return box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < 4;
    });
    await picture(page, 'log-running');
    await page.hover('#log');
    await page.mouse.wheel(0, -2000);
    await page.waitForSelector('.tool[aria-pressed="false"] >> text=Follow');
    running.log = Buffer.from(`${EVIL}\n${LONG.slice(0, 350).join('\n')}\n`);
    await page.click('text=50 new lines');
    await page.waitForSelector('#L351');
    Object.assign(running.prowJob.status, { state: 'success', completionTime: '2026-11-21T06:10:00Z' });
    await page.waitForSelector('.chip >> text=Success');
    expect(await page.title()).toBe('success: pull-widgets-e2e 7 · Cutwater');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('opens a failure at its first finding and goes from there by keyboard', async () => {
    const { page, problems } = await openPage(browser);
    await visit(page, `${server.url}/view/prowjob/pull-widgets-lint/7`);
    await page.waitForSelector('#L4000.found');
    await expect.poll(() => page.locator('#L4000').isVisible()).toBe(true);
    await picture(page, 'log-failed');
    await page.click('.log-more >> nth=0');
    await page.waitForSelector('#L3500');
    await page.keyboard.press('e');
    await page.waitForSelector('#L4000.here');
    expect(page.url()).toContain('#L4000');
    await visit(page, `${server.url}/view/prowjob/pull-widgets-lint/7#L12`);
    await page.waitForSelector('#L12.here');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is readable without a script, window by window', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${server.url}/`);
    await page.click('text=pull-widgets-lint');
    await page.click('.log-more >> nth=0');
    await page.waitForSelector('#L3600');
    await page.context().close();
  });

  it.each([
    ['1280-light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
    ['390-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true }],
    ['360-light', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
  ] as const)('fits: %s', async (name, options) => {
    const { page, problems } = await openPage(browser, options);
    for (const [what, path] of Object.entries({ jobs: '/', log: '/view/prowjob/pull-widgets-lint/7' })) {
      await visit(page, server.url + path);
      await picture(page, `${what}-${name}`);
      expect(await overflow(page), what).toBeLessThanOrEqual(0);
    }
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
