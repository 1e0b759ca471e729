import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Whether a browser can be started: one comes with `npm ci` on Linux only. */
export const haveBrowser = process.platform === 'linux' || 'CHROMIUM_PATH' in process.env;

const args = ['--no-sandbox', '--font-render-hinting=none'];

/** Starts the browser named by CHROMIUM_PATH, else the one that came with `npm ci`. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined) return chromium.launch({ executablePath: named, args });

  const { default: bundled, inflate } = await import('@sparticuz/chromium');
  const executablePath = await bundled.executablePath();
  try {
    return await chromium.launch({ executablePath, args });
  } catch {
    // A bare system lacks libraries that the package brings along.
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const libraries = await inflate(join(dirname(entry), '..', 'bin', 'al2023.tar.br'));
    const env = { ...process.env, LD_LIBRARY_PATH: join(libraries, 'lib') };
    return chromium.launch({ executablePath, args, env });
  }
}
