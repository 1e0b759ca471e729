import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Every rule of axe that the page breaks, in light and in dark, with the elements at fault. */
export async function violations(page: Page): Promise<string[]> {
  const axe = await readFile(source, 'utf8');
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(() => document.getAnimations().length === 0);
    // Evaluated by the browser's own tools, which the content security policy does not bind.
    await page.evaluate(`${axe}; null`);
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run(document)');
    expect(passes.length).toBeGreaterThan(10);
    for (const { id, nodes } of violations) {
      for (const { html } of nodes) found.push(`${colorScheme} ${id}: ${html}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
