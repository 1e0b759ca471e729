import { describe, expect, it } from 'vitest';
import { FakeHub, type HubFault } from '../../support/fake-hub.ts';
import { download, fail, files, home, hub, refused, size, waits } from './tiny-hub.ts';

describe('the machine', () => {
  it('that is offline is told so, soon', async () => {
    const gone = await FakeHub.start();
    const { endpoint } = gone;
    await gone.close();
    expect(await refused({ endpoint })).toMatchObject({
      code: 'offline',
      message: expect.stringContaining('Is this computer online?'),
    });
    expect(waits).toHaveLength(1);
  });

  it('without room is told how much is missing, before anything is fetched', async () => {
    const total = Object.values(files).reduce((sum, body) => sum + body.length, 0);
    const error = await refused({ free: total });
    expect(error).toMatchObject({ code: 'disk-full', message: expect.stringContaining('200 MB') });
    expect(hub.requestsFor('config.json')).toEqual([]);
    await download({ free: total + 200e6 });
  });

  it('needs room for the rest only', async () => {
    fail(
      { kind: 'truncate', after: 300_000 },
      ...Array<HubFault>(6).fill({ kind: 'status', status: 500 }),
    );
    await refused();
    hub.faults.clear();
    await download({ free: 200e6 + size - 200_000 });
  });

  it('downloads a model once at a time', async () => {
    const outcomes = await Promise.allSettled([download(), download()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find(({ status }) => status === 'rejected');
    expect(lost).toMatchObject({ reason: { code: 'model-busy' } });
  });

  it('lists two models that end together', async () => {
    hub.put('other/small', files);
    await Promise.all([download(), download({ source: 'other/small' })]);
    expect((await home.registry.read()).map(({ name }) => name).sort()).toEqual(['small', 'tiny']);
  });
});
