import { execFile } from 'node:child_process';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { smallLibrary } from '../store/small-library.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { ListedPhoto } from './listed-documents.ts';
import { projectRoot, runMedley } from './run-medley.ts';

test('list shows what a library holds, and repair mends it', async () => {
  const library = temporaryFolder();
  const ids = await smallLibrary(library);
  const listed = await runMedley(['list', '--library', library, '--json']);
  expect(listed.status).toBe(0);
  const assets = z.array(ListedPhoto).parse(JSON.parse(listed.stdout));
  expect(assets).toHaveLength(12);
  expect(assets.find(({ id }) => id === ids[0])).toMatchObject({
    pictureId: expect.stringMatching(/^[0-9a-f]{32}$/),
    files: [{ path: '/photos/0.jpg', role: 'photo', missing: null }],
    captions: [
      expect.objectContaining({ text: 'grandmother at the sea', origin: 'person', scores: [] }),
      expect.objectContaining({ text: 'said of 0', field: 'XMP-dc:Description' }),
      expect.objectContaining({
        origin: 'machine',
        modelId: 'starter@1',
        scores: [{ modelId: 'starter@1', value: 0.5 }],
      }),
    ],
    vectors: ['starter@1'],
  });

  const data = join(library, 'database', 'captions.lance', 'data');
  for (const name of readdirSync(data)) truncateSync(join(data, name), 10);
  const damaged = await runMedley(['list', '--library', library]);
  expect(damaged.status).toBe(1);
  expect(damaged.stderr).toMatch(/^medley: .*table of captions cannot be read.*medley repair/);
  expect(damaged.stderr).not.toMatch(/\.rs\b|cargo/);

  const repaired = await runMedley(['repair', '--library', library]);
  expect(repaired).toMatchObject({ status: 0, stderr: '' });
  expect(repaired.stdout).toContain('Restored: 2 captions and decisions of yours');
  const after = await runMedley(['list', '--library', library]);
  expect(after.stdout).toMatch(/person +grandmother at the sea/);
  expect(after.stdout).toMatch(/imported +said of 1 \(.*confirmed\)/);
});

test('neither makes a library where none is', async () => {
  const folder = join(temporaryFolder(), 'mistyped');
  for (const command of ['list', 'repair']) {
    const { status, stderr } = await runMedley([command, '--library', folder]);
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`no library in ${folder}`),
    });
  }
});

test.each(['list', 'repair', 'serve', 'index /photos', 'doctor'])(
  '%s says that it may open too few files, and does not end in a panic',
  async (command) => {
    const medley = `src/main/cli/medley.ts ${command} --library ${temporaryFolder()}`;
    const run = promisify(execFile)('sh', ['-c', `ulimit -n 24; ${process.execPath} ${medley}`], {
      cwd: projectRoot,
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^medley: .*too few files.*ulimit -n/),
    });
  },
);
