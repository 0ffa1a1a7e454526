import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScene, type Scene } from '../../sandbox/page/testing/scene.ts';
import { hasChromium, launch, openPage, overflow, picture, visit } from './chromium.ts';

const PULL = '/acme/widgets/pull/42';

describe.skipIf(!hasChromium())('the sandbox page in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  let scene: Scene;
  let browser: Browser;
  beforeAll(async () => {
    [scene, browser] = await Promise.all([openScene(folder), launch()]);
  });
  beforeEach(() => scene.sandbox.startOver());
  afterAll(async () => {
    await browser?.close();
    await scene?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a newcomer through the first step by pointer', async () => {
    const { page, problems } = await openPage(browser);
    await visit(page, scene.url);
    await picture(page, 'first-visit');
    expect(await page.inputValue('#box')).toBe('/test all');
    await page.click('.box .primary');
    await page.waitForSelector('.right .statuses >> text=pull-widgets-unit');
    await page.waitForSelector('.cause >> text=the bot set 3 statuses');
    expect(await page.inputValue('#box')).toBe('');
    expect(await page.textContent('.left .side-head >> nth=1')).toContain('1 of 6');
    await picture(page, 'after-test-all');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is used by keyboard alone', async () => {
    const { page, problems } = await openPage(browser);
    await visit(page, scene.url + PULL);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toContain('Skip to content');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await expect.poll(() => page.inputValue('#box')).toBe('/');
    await page.waitForSelector('.completion');
    await page.keyboard.type('ho');
    await page.waitForSelector('.completion [aria-selected="true"] >> text=hold');
    await picture(page, 'completion');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.inputValue('#box')).toBe('/hold cancel');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('/lg');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.inputValue('#box')).toBe('/lgtm');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.right .labels >> text=lgtm');
    await page.keyboard.press('Escape');
    await page.keyboard.press('3');
    await page.waitForSelector('.box-who >> text=stranger');
    expect(await page.textContent('.push-reason')).toContain('stranger may not push here');
    await page.keyboard.press('?');
    await page.waitForSelector('.keys-panel');
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.waitForURL('**/compare');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('does not send with Enter, and keeps the text that GitHub refused', async () => {
    const { page } = await openPage(browser);
    await visit(page, scene.url + PULL);
    await page.fill('#box', 'one line');
    await page.press('#box', 'Enter');
    expect(await page.inputValue('#box')).toBe('one line\n');
    await page.fill('#box', 'x'.repeat(65_537));
    await page.press('#box', 'Control+Enter');
    await page.waitForSelector('.box-problem >> text=body is too long');
    expect((await page.inputValue('#box')).length).toBe(65_537);
    await page.context().close();
  });

  it('shows live what somebody else does, and catches up after being away', async () => {
    const [{ page: one }, { page: other }] = await Promise.all([openPage(browser), openPage(browser)]);
    await Promise.all([visit(one, scene.url + PULL), visit(other, scene.url + PULL)]);
    await one.waitForSelector('.live-live');
    await one.context().setOffline(true);
    await other.fill('#box', 'while you were away');
    await other.press('#box', 'Control+Enter');
    await one.context().setOffline(false);
    await one.waitForSelector('.talk >> text=while you were away');
    await Promise.all([one.context().close(), other.context().close()]);
  });

  it('says since when it is not live, and keeps what was known', async () => {
    const { page } = await openPage(browser);
    await page.clock.install();
    await visit(page, scene.url + PULL);
    await page.waitForSelector('.live-live');
    await page.route('**/-/live*', (route) => route.abort());
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.clock.runFor(14_000);
    await page.waitForSelector('.stale >> text=Not live since');
    await picture(page, 'stale');
    expect(await page.textContent('h1')).toContain('Retry uploads');
    await page.unroute('**/-/live*');
    await page.click('.stale >> text=Try now');
    await page.waitForSelector('.live-live');
    await page.context().close();
  });

  it('shows the end of the talk to who has said something', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 500 } });
    await visit(page, scene.url + PULL);
    for (const word of ['one', 'two', 'three', 'four', 'five']) {
      await page.fill('#box', word);
      await page.press('#box', 'Control+Enter');
      await page.waitForSelector(`.talk >> text="${word}"`);
    }
    await expect
      .poll(() =>
        page
          .locator('.talk > li')
          .last()
          .boundingBox()
          .then((box) => (box?.y ?? 0) > 48),
      )
      .toBe(true);
    const [last, dock] = [page.locator('.talk > li').last(), page.locator('.box-dock')];
    const [entry, box] = [await last.boundingBox(), await dock.boundingBox()];
    expect((entry?.y ?? 0) + (entry?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? 0) + 1);
    await page.context().close();
  });

  it('takes steps, each as the right person', async () => {
    const { page } = await openPage(browser);
    await visit(page, scene.url + PULL);
    await page.click('.left .try >> text=/ok-to-test');
    await page.waitForURL('**/pull/43*');
    expect(await page.inputValue('#box')).toBe('/ok-to-test');
    await page.click('.left .try >> text=As stranger');
    await page.waitForURL('**/compare');
    await page.waitForSelector('.topbar .acting [aria-pressed="true"] >> text=stranger');
    await page.click('text=Open it');
    await page.waitForURL(/pull\/\d+$/);
    await page.waitForSelector('.left .step-done >> text=As stranger');
    await page.context().close();
  });

  it('holds newer deliveries back until they are asked for', async () => {
    const { page } = await openPage(browser);
    await page.goto(scene.url + PULL);
    await page.request.post(`${scene.url}${PULL}/comments`, { form: { body: 'one' }, headers: { origin: scene.url } });
    await scene.sandbox.idle();
    await visit(page, `${scene.url}/-/deliveries`);
    await page.waitForSelector('.live-live');
    const before = await page.locator('.rows tbody tr').count();
    await page.request.post(`${scene.url}${PULL}/comments`, { form: { body: 'two' }, headers: { origin: scene.url } });
    await page.waitForSelector('.newer >> text=newer deliver');
    expect(await page.locator('.rows tbody tr').count()).toBe(before);
    await page.keyboard.press('.');
    await page.waitForFunction((rows) => document.querySelectorAll('.rows tbody tr').length > rows, before);
    await page.context().close();
  });

  it('is complete without a script', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(scene.url);
    await page.click('.topbar .acting >> text=bob');
    await page.waitForSelector('.box-who >> text=bob');
    await page.fill('#box', '/hold');
    await page.click('.box .primary');
    await page.waitForSelector('.talk >> text=/hold');
    await page.click('.tabs >> text=Files');
    await page.waitForSelector('.diff');
    await page.context().close();
  });

  it('remembers the theme, and draws it before any script', async () => {
    const { page } = await openPage(browser, { colorScheme: 'light' });
    await visit(page, scene.url + PULL);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.click('button[name="theme"]');
    await page.waitForSelector('html[data-theme="light"]');
    await page.click('button[name="theme"]');
    await page.waitForSelector('html[data-theme="dark"]');
    expect(await ground()).toBe('rgb(15, 21, 25)');
    await page.reload();
    expect(await ground()).toBe('rgb(15, 21, 25)');
    await page.context().close();
  });

  const LOOKS = [
    { name: '1280-light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
    { name: '1280-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
    { name: '1024-light', viewport: { width: 1024, height: 800 }, colorScheme: 'light' },
    { name: '800-light', viewport: { width: 800, height: 800 }, colorScheme: 'light' },
    { name: '390-light', viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
    { name: '360-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
    { name: '1280-forced', viewport: { width: 1280, height: 900 }, forcedColors: 'active', reducedMotion: 'reduce' },
  ] as const;
  const PAGES = {
    pull: PULL,
    files: `${PULL}/files`,
    commits: `${PULL}/commits`,
    try: `${PULL}/try`,
    pulls: '/acme/widgets/pulls',
    issues: '/acme/widgets/issues',
    deliveries: '/-/deliveries',
    configuration: '/-/configuration',
    compare: '/acme/widgets/compare',
  };

  it.each(LOOKS)('fits: $name', async ({ name, ...options }) => {
    const { page, problems } = await openPage(browser, options);
    await visit(page, scene.url + PULL);
    await page.fill('#box', '/test all');
    await page.click('.box .primary');
    await page.waitForSelector('.cause >> text=the bot set');
    for (const [what, path] of Object.entries(PAGES)) {
      await visit(page, scene.url + path);
      await picture(page, `${what}-${name}`);
      expect(await overflow(page), `${what} at ${name}`).toBeLessThanOrEqual(0);
    }
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('fits at 200 % text', async () => {
    const { page } = await openPage(browser);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    for (const [what, path] of Object.entries(PAGES)) {
      await visit(page, scene.url + path);
      await picture(page, `${what}-200`);
      expect(await overflow(page), what).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  });

  it('names everything that can be used, and has no id twice', async () => {
    const { page } = await openPage(browser);
    for (const path of Object.values(PAGES)) {
      await visit(page, scene.url + path);
      expect(await nameless(page), path).toEqual([]);
    }
    await page.context().close();
  });
});

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}

/** Controls without a name, fields without a label, ids that are there twice. */
function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const bad: string[] = [];
    for (const control of document.querySelectorAll('a[href], button, summary')) {
      const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
      if (name.trim() === '') bad.push(control.outerHTML.slice(0, 100));
    }
    for (const field of document.querySelectorAll('textarea, input:not([type="hidden"]), select')) {
      if (!field.getAttribute('aria-label') && !field.closest('label')) bad.push(field.outerHTML.slice(0, 100));
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    return [...bad, ...ids.filter((id, index) => ids.indexOf(id) !== index)];
  });
}
