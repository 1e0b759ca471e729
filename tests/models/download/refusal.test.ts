import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseHub } from '#main/models/hub/endpoint.ts';
import { files, home, hub, id, refused, size, staged, weights } from './tiny-hub.ts';

describe('a refusal', () => {
  it.each([
    [404, /^someone\/tiny at main: .*404.*is not there/],
    [401, /401.*HF_TOKEN/],
    [403, /403.*HF_TOKEN/],
  ])('of status %i is told at once', async (status, message) => {
    hub.apiStatuses.push(status);
    const error = await refused();
    expect(error).toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(message),
    });
    expect(hub.requests).toHaveLength(1);
  });

  it('of an unknown model names it', async () => {
    expect((await refused({ source: 'no/such' })).message).toContain('no/such');
  });

  it.each(['a b', '../../etc', 'a/b/c', 'ftp://x/y.pth', 'https://x.example/weights.zip'])(
    'of %j asks nobody',
    async (source) => {
      expect(await refused({ source })).toMatchObject({ code: 'bad-request' });
      expect(hub.requests).toEqual([]);
    },
  );

  it('of insecure addresses asks nobody', async () => {
    const wait = { signal: new AbortController().signal };
    expect(() => chooseHub('http://hub.example')).toThrow(/https/);
    expect(() => chooseHub('https://me:secret@hub.example')).toThrow(/password/);
    expect(() => chooseHub('nonsense')).toThrow(/not the address/);
    expect(await refused({ source: 'http://x.example/model.pth', ...wait })).toMatchObject({
      code: 'bad-request',
    });
  });

  it.each([
    ['{"model_type": "bert"}', '(bert)'],
    ['{"model_type": "blip", "architectures": ["BlipForQuestionAnswering"]}', 'QuestionAnswering'],
    ['not JSON', 'no known kind'],
  ])('of what Medley has no use for comes before its weights: %s', async (config, reason) => {
    hub.put(id, { ...files, 'config.json': Buffer.from(config) });
    expect(await refused()).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining(reason),
    });
    expect(hub.requestsFor(weights)).toEqual([]);
    expect(existsSync(staged())).toBe(false);
  });

  it('of pickled weights says why', async () => {
    const { 'config.json': config, 'vocab.txt': vocabulary } = files;
    const pickle = Buffer.from('pickle');
    hub.put(id, { 'config.json': config, 'vocab.txt': vocabulary, 'pytorch_model.bin': pickle });
    expect(await refused()).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('pytorch_model.bin may run code'),
    });
  });

  it('of a checkpoint that does not open leaves nothing behind', async () => {
    hub.put(id, { ...files, [weights]: files[weights].subarray(0, size - 1000) });
    expect(await refused()).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('arrived whole'),
    });
    expect(readdirSync(home.folder)).toEqual([]);
  });
});
