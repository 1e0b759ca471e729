import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { asDiskFull, isDiskFull } from '#main/files/disk-full.ts';
import { MedleyError } from '#shared/errors.ts';
import { smallDisk, type RunOnSmallDisk } from '../support/small-disk.ts';

const small = smallDisk();
const run: RunOnSmallDisk = (...task) => {
  if (small === null) throw new Error('There is no small disk here.');
  return small(...task);
};

/** What tests/files/full-disk-process.ts prints. */
const Outcome = z.object({ code: z.string(), message: z.string() });
const Printed = z.object({
  outcomes: z.object({ whole: Outcome, json: Outcome, lock: Outcome, table: Outcome }),
  left: z.object({ kept: z.string(), lock: z.boolean(), temporary: z.array(z.string()) }),
});

/** What no person should have to read. */
const machineWords = /ENOSPC|os error|\.rs\b|lance/i;

describe.skipIf(small === null)('on a full disk', () => {
  test('every way to write says so in words, and leaves nothing half written', () => {
    const { stdout, stderr } = run(2 ** 20, (disk) => ['tests/files/full-disk-process.ts', disk]);
    expect(stderr).toBe('');
    const { outcomes, left } = Printed.parse(JSON.parse(stdout));
    for (const [way, { code, message }] of Object.entries(outcomes)) {
      expect(code, way).toBe('disk-full');
      expect(message).toMatch(/^The disk is full: .*Make room/);
      expect(message).not.toMatch(machineWords);
    }
    expect(left).toEqual({ kept: '{\n  "kept": true\n}\n', lock: false, temporary: [] });
  });

  test.each([
    ['before there is a library', 12_288],
    ['among its thumbnails', 65_536],
  ])('index that fills it %s says so in words', (_, bytes) => {
    const { status, stderr } = run(bytes, (disk) => [
      'src/main/cli/medley.ts',
      'index',
      'tests/fixtures/parity',
      '--library',
      `${disk}/library`,
    ]);
    expect(stderr).toMatch(/medley: .*The disk is full: .*Make room/);
    expect(stderr).not.toMatch(machineWords);
    expect(status).toBe(1);
  });
});

test.skipIf(process.platform !== 'linux')('the system says that a disk is full', async () => {
  const error: unknown = await writeFile('/dev/full', 'x').catch((thrown: unknown) => thrown);
  expect(isDiskFull(error)).toBe(true);
});

test.each([
  'lance error: LanceError(IO): No space left on device (os error 28), /usr/local/cargo/lib.rs:1',
  'There is not enough space on the disk. (os error 112)',
  'Disk quota exceeded (os error 122)',
])('"%s" is a full disk', (message) => {
  expect(asDiskFull(new Error(message), '/photos')).toMatchObject({
    code: 'disk-full',
    subject: '/photos',
  });
});

test.each([
  new Error('No such file or directory (os error 2)'),
  new MedleyError('library-newer', 'Update Medley'),
])('"%s" stays as it is', (error) => {
  expect(asDiskFull(error, '/photos')).toBe(error);
});
