import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listModels } from '#main/models/list-models.ts';
import { MedleyError } from '#shared/errors.ts';
import type { HubFault } from '../../support/fake-hub.ts';
import {
  download,
  fail,
  files,
  got,
  home,
  hub,
  id,
  ranges,
  refused,
  waits,
  weights,
} from './tiny-hub.ts';

describe('a connection that fails', () => {
  it('is taken up where it broke', async () => {
    fail({ kind: 'truncate', after: 100_000 }, { kind: 'truncate', after: 50_000 });
    await download();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(ranges()).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
    const conditions = hub.requestsFor(weights).map(({ headers }) => headers['if-range']);
    expect(conditions.at(-1)).toMatch(/^"[0-9a-f]{40}"$/);
  });

  it.each<[string, HubFault[]]>([
    ['the line goes dead', [{ kind: 'drop', after: 90_000 }]],
    ['a range is ignored', [{ kind: 'truncate', after: 90_000 }, { kind: 'ignore-range' }]],
    ['the file gets another tag', [{ kind: 'truncate', after: 90_000 }, { kind: 'new-tag' }]],
    ['another range comes', [{ kind: 'truncate', after: 90_000 }, { kind: 'wrong-range' }]],
    ['more comes than there is', [{ kind: 'surplus' }]],
    ['more is announced than comes', [{ kind: 'announce-more' }]],
    ['a bit is wrong', [{ kind: 'corrupt' }]],
    [
      'the server fails',
      [
        { kind: 'status', status: 500 },
        { kind: 'status', status: 503 },
      ],
    ],
  ])('ends well when %s', async (_name, faults) => {
    fail(...faults);
    await download();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(readdirSync(home.folder).sort()).toEqual(['models.json', 'someone--tiny']);
  });

  it('counts as broken when it is silent', async () => {
    fail({ kind: 'silence', after: 50_000 });
    // On a machine that is busy, the next connections may seem silent too.
    await expect.poll(() => download({ silenceMs: 100 }).catch(() => null)).not.toBeNull();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(ranges().length).toBeGreaterThan(1);
  });

  it('waits as long as the server asks', async () => {
    fail({ kind: 'status', status: 429, retryAfter: '17' });
    await download();
    expect(waits).toEqual([17_000]);
  });

  it('gives up a server that asks for an hour, saying so', async () => {
    fail({ kind: 'status', status: 429, retryAfter: '3600' });
    expect(await refused()).toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('60 min'),
    });
    expect(waits).toEqual([]);
  });

  it('gives up in the end, keeps what there is, and goes on from there another time', async () => {
    fail(
      { kind: 'truncate', after: 120_000 },
      ...Array<HubFault>(6).fill({ kind: 'status', status: 502 }),
    );
    const { code, message } = await refused();
    expect(code).toBe('download-failed');
    expect(message).toContain('502');
    const { downloads } = await listModels(home);
    expect(downloads).toMatchObject([{ origin: id }]);
    const kept = downloads[0]?.done ?? 0;
    expect(kept).toBeGreaterThan(120_000);

    hub.requests.length = 0;
    hub.faults.clear();
    await download();
    expect(ranges()).toEqual(['bytes=120000-']);
    expect(got(weights).equals(files[weights])).toBe(true);
  });
});

it('stops when asked, and goes on from there', async () => {
  const controller = new AbortController();
  hub.slow = { bytes: 50_000, pauseMs: 5 };
  const stopped = download({
    signal: controller.signal,
    onProgress: ({ files: all }) => {
      const there = all.find(({ name }) => name === weights)?.done ?? 0;
      if (there > 100_000) controller.abort(new MedleyError('cancelled', 'Stopped.'));
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  hub.slow = null;
  hub.requests.length = 0;
  await download();
  expect(ranges()[0]).toMatch(/^bytes=\d{6}-$/);
});
