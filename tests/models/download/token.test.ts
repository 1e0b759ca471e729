import { describe, expect, it } from 'vitest';
import { download, hub, refused } from './tiny-hub.ts';

describe('a token', () => {
  it('goes to the hub alone', async () => {
    hub.token = 'secret';
    await download({ token: 'secret' });
    const sent = (host: string) =>
      hub.requests.filter((each) => each.host === host).map(({ headers }) => headers.authorization);
    expect(new Set(sent('hub'))).toEqual(new Set(['Bearer secret']));
    expect(sent('store').length).toBeGreaterThan(0);
    expect(new Set(sent('store'))).toEqual(new Set([undefined]));
  });

  it('that is wrong is named', async () => {
    hub.token = 'secret';
    expect((await refused({ token: 'other' })).message).toContain('account of HF_TOKEN');
  });

  it('is not followed to an insecure address', async () => {
    hub.redirectTo = 'http://files.example/model.safetensors';
    expect(await refused()).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('files.example is not secure'),
    });
  });
});
