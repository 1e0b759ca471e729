import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot, runMedley } from './run-medley.ts';

const bench = ['bench', '--search', '200', '400', '--rounds', '2'];

test('prints the figures of a size before the next one is measured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'medley-bench-text-'));
  // Both streams into one file, in the order in which they were written.
  const file = join(folder, 'printed');
  const printed = openSync(file, 'w');
  const medley = join(projectRoot, 'src/main/cli/medley.ts');
  const { status } = spawnSync(process.execPath, [medley, ...bench], {
    stdio: ['ignore', printed, printed],
  });
  closeSync(printed);
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  expect(status).toBe(0);
  const places = [
    /^Measuring 200 vectors…$/m,
    /^200 photos$/m,
    /^Measuring 400 vectors…$/m,
    /^400 photos$/m,
    /^Medians .* Memory: .+ at most\.$/m,
  ].map((line) => text.search(line));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  for (const from of [places[1], places[3]]) {
    const block = text.slice(from, text.indexOf('words on disk', from) + 60);
    expect(block).toMatch(/nearest, each looked at +\d+ \/ \d+ ms\n/);
    expect(block).toMatch(/recall of the index +\d+\.\d%\n/);
    expect(block).toMatch(/building the index +\d+\.\d s\n/);
    expect(block).toMatch(/words on disk +\d+ kB\n/);
  }
});

test('with --json there is one document, and nothing before it', async () => {
  const { status, stdout, stderr } = await runMedley([...bench, '--json']);
  expect(status).toBe(0);
  const { sizes } = JSON.parse(stdout);
  expect(sizes.map(({ photos }: { photos: number }) => photos)).toEqual([200, 400]);
  expect(stderr).toContain('Measuring 400 vectors…');
});
