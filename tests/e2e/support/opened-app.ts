import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { openPage } from './page.ts';
import { serveApp, type ServedApp } from './served-app.ts';

export interface OpenedApp extends ServedApp {
  readonly browser: Browser;
  /** A page that shows nothing yet. */
  readonly page: Page;
  /** What the browser complains of. */
  readonly complaints: readonly string[];
}

/** The app with an empty library, and a browser to open it in. */
export async function openApp(): Promise<OpenedApp> {
  const [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  const complaints: string[] = [];
  const page = await openPage(browser, complaints);
  return {
    ...app,
    browser,
    page,
    complaints,
    close: async () => {
      await browser.close();
      await app.close();
    },
  };
}
