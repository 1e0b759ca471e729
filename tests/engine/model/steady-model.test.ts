import { describe, expect, it } from 'vitest';
import { SteadyModel } from '#main/engine/model/steady-model.ts';
import { device, loaderFor, words, type Device } from '../../support/failing-device.ts';
import { HashModel } from '../../support/hash-model.ts';

const photos = (count: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(i));
/** What the model says when nothing fails. */
const truth = (count: number) => new HashModel().embedImages(photos(count));

async function steady(devices: readonly Device[]) {
  const notices: string[] = [];
  const tooLarge: [string, number][] = [];
  const load = loaderFor(devices);
  const model = await SteadyModel.load({
    load: (failed) => load({ failed }),
    onReload: (notice) => notices.push(notice),
    onTooLarge: (call, most) => tooLarge.push([call, most]),
  });
  return { model, notices, tooLarge };
}

describe('a batch that does not fit', () => {
  it('is run in halves, and the next one is not tried whole', async () => {
    const card = device('webgpu', { fits: 3 });
    const { model, notices, tooLarge } = await steady([card, device('cpu')]);
    expect(await model.embedImages(photos(13))).toEqual(await truth(13));
    // 13, 7 and 4 are too many; 2 fit.
    expect(tooLarge).toEqual([
      ['embedImages', 7],
      ['embedImages', 4],
      ['embedImages', 2],
    ]);
    expect(await model.embedImages(photos(8))).toEqual(await truth(8));
    expect(tooLarge).toHaveLength(3);
    expect(notices).toEqual([]);
    expect(model.device.provider).toBe('webgpu');
  });

  it('keeps pairs of photo and text together', async () => {
    const { model } = await steady([device('cpu', { fits: 2 })]);
    const features = (await truth(5)).map((each) => each.features);
    const texts = features.map((_, i) => `text ${i}`);
    expect(await model.match(features, texts)).toEqual(
      await new HashModel().match(features, texts),
    );
    expect(await model.embedTexts([])).toEqual([]);
  });

  it('moves to the next device when not even one item fits, without a second try', async () => {
    const card = device('cuda', { fits: 0 });
    const { model, notices } = await steady([card, device('cpu')]);
    expect(await model.embedImages(photos(5))).toEqual(await truth(5));
    expect(model.device.provider).toBe('cpu');
    expect(card.loads).toBe(1);
    expect(notices).toEqual([
      expect.stringMatching(/cuda .*cpu has taken over.*too little memory/),
    ]);
  });

  it('is an error on the last device', async () => {
    const { model } = await steady([device('cpu', { fits: 0 })]);
    await expect(model.embedImages(photos(2))).rejects.toThrow(words.memory);
  });
});

describe('a device that is lost', () => {
  it('is given one more chance, and the call is repeated', async () => {
    const card = device('webgpu', { callsLeft: 1, comesBack: true });
    const { model, notices } = await steady([card, device('cpu')]);
    for (let i = 0; i < 3; i++) expect(await model.embedImages(photos(4))).toEqual(await truth(4));
    expect(card.loads).toBe(2);
    expect(model.device.provider).toBe('webgpu');
    expect(notices).toEqual([expect.stringMatching(/webgpu .*started again; nothing was lost/)]);
  });

  it('is left for the next when it fails again', async () => {
    const card = device('cuda', { callsLeft: 1 });
    const other = device('webgpu', { callsLeft: 2 });
    const { model, notices } = await steady([card, other, device('cpu')]);
    for (let i = 0; i < 6; i++) expect(await model.embedImages(photos(4))).toEqual(await truth(4));
    expect([card.loads, other.loads]).toEqual([2, 2]);
    expect(model.device.provider).toBe('cpu');
    expect(notices).toHaveLength(4);
    expect(notices.at(-1)).toMatch(/webgpu stopped working, and cpu has taken over/);
  });

  it('is replaced once, however many calls fail on it', async () => {
    const card = device('webgpu', { callsLeft: 0, comesBack: true });
    const { model, notices } = await steady([card, device('cpu')]);
    const all = await Promise.all([1, 2, 3].map((count) => model.embedImages(photos(count))));
    expect(all).toEqual(await Promise.all([1, 2, 3].map(truth)));
    expect(card.loads).toBe(2);
    expect(notices).toHaveLength(1);
  });

  it('says what to do when the model cannot be loaded again', async () => {
    const { model } = await steady([device('webgpu', { callsLeft: 0 })]);
    await expect(model.embedImages(photos(1))).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringContaining('Start Medley again'),
    });
  });
});

it('passes on what is not the fault of the device', async () => {
  const { model, notices } = await steady([device('webgpu')]);
  const [{ features }] = await truth(1);
  await expect(model.match([features], [])).rejects.toThrow('One text an image');
  expect(notices).toEqual([]);
  await model.dispose();
  await expect(model.embedImages(photos(1))).rejects.toThrow('disposed');
});
