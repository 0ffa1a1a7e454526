import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialFolder } from '../../cli/github-app/folder.ts';
import { openSetup, type Setup, type SetupOptions } from '../../cli/setup/server.ts';
import { createLogger } from '../../core/log.ts';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { createPage } from '../../sandbox/page/server/index.ts';
import { hasChromium, launch, openPage, overflow, picture } from './chromium.ts';

describe.skipIf(!hasChromium())('the set-up in Chromium', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'setup-browser-'));
  let sandbox: Sandbox;
  let browser: Browser;

  beforeAll(async () => {
    sandbox = await startSandbox({ dataDir: path.join(folder, 'sandbox'), port: 0 });
    const { world, startOver } = sandbox;
    const people = ['alice', 'bob', 'stranger'];
    const home = { repo: 'acme/widgets', people, pluginHelpUrl: null, jobsUrl: null };
    sandbox.mountPage(await createPage({ world, startOver, ...home }));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(options: Partial<SetupOptions> = {}): Promise<{ setup: Setup; link: string }> {
    const setup = await openSetup({
      hosts: { endpoints: [sandbox.apiUrl], web: sandbox.url },
      place: credentialFolder(folder),
      port: 0,
      publicUrl: undefined,
      webhookProxy: undefined,
      webhookPath: '/hook',
      org: 'acme',
      log: createLogger('setup', 'fatal'),
      ...options,
    });
    return { setup, link: setup.link.replace('//localhost', '//127.0.0.1') };
  }

  it('makes the App by one button, here and then at GitHub, without any script', async () => {
    const { setup, link } = await open();
    const { page, problems } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(link);
    expect(page.url()).not.toContain('key=');
    await picture(page, 'setup');
    await page.click('text=Create on');
    await page.waitForSelector('h1 >> text=Create GitHub App');
    await picture(page, 'sandbox-register');
    // The sandbox has a Cutwater already, as github.com has.
    await page.fill('input[name=name]', 'Acme bot');
    await page.click('text=Create GitHub App for acme');
    await page.waitForSelector('h1 >> text=Install Acme bot');
    await picture(page, 'sandbox-install');
    expect((await setup.done).owner).toBe('acme');
    expect(problems).toEqual([]);
    await page.context().close();
    await setup.close();
  });

  it.each([
    ['dark', 1280],
    ['light', 390],
    ['dark', 360],
  ] as const)('reads in %s at %i px, by keyboard too', async (colorScheme, width) => {
    const { setup, link } = await open({ hosts: { endpoints: [], web: 'https://github.com' } });
    const { page, problems } = await openPage(browser, { colorScheme, viewport: { width, height: 900 } });
    await page.goto(link);
    await page.waitForSelector('h1 >> text=How does GitHub reach this machine?');
    await picture(page, `setup-webhook-${colorScheme}-${width}`);
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://ci.example.com');
    await page.keyboard.press('Enter');
    await page.waitForSelector('h1 >> text=Create the GitHub App');
    await picture(page, `setup-create-${colorScheme}-${width}`);
    expect(await overflow(page)).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
    await setup.close();
  });
});
