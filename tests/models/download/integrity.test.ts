import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import type { HubFault } from '../../support/fake-hub.ts';
import {
  download,
  fail,
  files,
  folder,
  got,
  home,
  hub,
  refused,
  renewHome,
  size,
  staged,
  weights,
} from './tiny-hub.ts';

describe('what arrives', () => {
  it('is given up when it never hashes to what the hub lists', async () => {
    hub.pretendHash(weights, 'ab'.repeat(32));
    expect(await refused()).toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('sha256'),
    });
    expect(hub.requestsFor(weights).filter(({ host }) => host === 'store').length).toBe(5);
  });

  it('is checked by its git object where it is small', async () => {
    hub.faults.set('vocab.txt', [{ kind: 'corrupt' }]);
    await download();
    expect(got('vocab.txt').equals(files['vocab.txt'])).toBe(true);
    expect(hub.requestsFor('vocab.txt')).toHaveLength(2);
  });

  it('is fetched again when it was damaged on this disk meanwhile', async () => {
    fail(...Array<HubFault>(6).fill({ kind: 'status', status: 500 }));
    await refused();
    writeFileSync(join(staged(), 'vocab.txt'), 'nonsense');
    hub.faults.clear();
    await download();
    expect(got('vocab.txt').equals(files['vocab.txt'])).toBe(true);
  });
});

it('ends in the very bytes of the hub or with a reason, whatever goes wrong', async () => {
  const bytes = fc.integer({ min: 0, max: size });
  const fault: fc.Arbitrary<HubFault> = fc.oneof(
    fc.record({ kind: fc.constant('drop' as const), after: bytes }),
    fc.record({ kind: fc.constant('truncate' as const), after: bytes }),
    fc.record({
      kind: fc.constantFrom(
        'announce-more' as const,
        'surplus' as const,
        'ignore-range' as const,
        'wrong-range' as const,
        'new-tag' as const,
        'corrupt' as const,
      ),
    }),
    fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(401, 404, 408, 416, 429, 500, 503),
    }),
  );
  const known = ['disk-full', 'download-failed', 'offline'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 9 }),
      fc.array(fault, { maxLength: 3 }),
      async (a, b) => {
        renewHome();
        hub.faults.set(weights, [...a]);
        hub.faults.set('config.json', [...b]);
        for (let runs = 0; ; runs++) {
          const error: unknown = await download().then(
            () => null,
            (reason: unknown) => reason,
          );
          if (error === null) break;
          expect(known).toContain(error instanceof MedleyError ? error.code : error);
          expect(await home.registry.read()).toEqual([]);
          expect(existsSync(folder())).toBe(false);
          // Faults run out, and then it must work.
          expect(runs).toBeLessThan(a.length + b.length);
        }
        for (const [name, body] of Object.entries(files)) expect(got(name).equals(body)).toBe(true);
        expect(await home.registry.read()).toHaveLength(1);
      },
    ),
    { numRuns: 25 },
  );
});
