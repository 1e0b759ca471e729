import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '#main/store/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

function temporariesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.tmp'));
}

test('what a killed process was writing is swept at the next start', async () => {
  const folder = temporaryFolder();
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'half-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  // The batch sizes' and, in nearly every moment, that of a thumbnail.
  while (temporariesOf(folder).length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  expect(temporariesOf(folder)).toContain('batch-sizes.json.tmp');
  const store = await openStore(folder);
  expect(temporariesOf(folder)).toEqual([]);
  await store.close();
});
