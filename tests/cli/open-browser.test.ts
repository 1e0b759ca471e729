import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openBrowser } from '#main/cli/open-browser.ts';

const url = 'http://127.0.0.1:6335/?token=a-secret';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-open-'));
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  vi.stubEnv('HOME', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it.skipIf(process.platform === 'win32').each([
  ['linux', 'xdg-open'],
  ['darwin', 'open'],
  ['win32', 'rundll32'],
] as const)('opens a page that only its owner reads, on %s', async (platform, program) => {
  const told = join(folder, `${platform}.txt`);
  await writeFile(
    join(folder, program),
    `#!/bin/sh\nfor each; do echo "$each"; done > '${told}'\n`,
  );
  await chmod(join(folder, program), 0o755);
  await openBrowser(url, platform);
  await vi.waitUntil(async () => (await readFile(told, 'utf8').catch(() => '')) !== '', 20_000);

  const args = (await readFile(told, 'utf8')).trim().split('\n');
  expect(args.join(' ')).not.toContain('secret');
  const page = args.at(-1) ?? '';
  expect((await stat(page)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(page))).mode & 0o777).toBe(0o700);
  expect(await readFile(page, 'utf8')).toContain(`content="0; url=${url}"`);
});
