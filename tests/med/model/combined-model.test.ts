import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CombinedModel } from '#main/med/model/combined-model.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import {
  captioningConfig,
  captioningWeights,
  matchingConfig,
  matchingWeights,
  writeHuggingFace,
} from '../../support/blip-folders.ts';

const matchingFolder = writeHuggingFace(matchingConfig, matchingWeights);
const captioningFolder = writeHuggingFace(captioningConfig, captioningWeights);
/** A captioner that sees photos at a size of its own. */
const largerFolder = writeHuggingFace(captioningConfig, captioningWeights);
writeFileSync(join(largerFolder, 'preprocessor_config.json'), JSON.stringify({ size: 48 }));

const data = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 7) % 251);
const photo = { width: 60, height: 40, data };

const load = (folder: string, captionerFolder?: string) =>
  loadModel({ folder, device: 'cpu', ...(captionerFolder && { captionerFolder }) });

describe('a model of two checkpoints', () => {
  let matching: MedModel;
  let captioning: MedModel;
  let combined: MedModel;

  beforeAll(async () => {
    matching = await load(matchingFolder);
    captioning = await load(largerFolder);
    combined = await load(matchingFolder, largerFolder);
  });
  afterAll(async () => {
    for (const model of [matching, captioning, combined]) await model.dispose();
  });

  async function embed(model: MedModel) {
    const [embedded] = await model.embedImages([preprocess(model, photo)]);
    return embedded;
  }

  test('matches as the one and captions as the other', async () => {
    const [own, matcher, writer] = [
      await embed(combined),
      await embed(matching),
      await embed(captioning),
    ];
    expect(own.embedding).toEqual(matcher.embedding);
    expect(await combined.embedTexts(['a dog'])).toEqual(await matching.embedTexts(['a dog']));
    expect(await combined.match([own.features], ['a dog'])).toEqual(
      await matching.match([matcher.features], ['a dog']),
    );
    const beam = { method: 'beam' } as const;
    expect(await combined.caption([own.features], beam)).toEqual(
      await captioning.caption([writer.features], beam),
    );
  });

  test('tells its roles, its parts and the larger image size', () => {
    expect(combined.info).toMatchObject({
      id: matching.info.id,
      imageId: matching.info.id,
      roles: { matching: true, captioning: true },
      captioner: { id: captioning.info.id, folder: largerFolder },
      imageSize: 48,
      embeddingSize: 12,
      cosineWeight: 1,
      parameters: matching.info.parameters + captioning.info.parameters,
    });
  });

  test('leaves the captioner’s encoder alone where features are for matching', async () => {
    const [{ features }] = await combined.embedImages([preprocess(combined, photo)], 'matching');
    expect(features.captioner).toBeUndefined();
    expect(await combined.match([features], ['a dog'])).toHaveLength(1);
    await expect(combined.caption([features], { method: 'greedy' })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  test('takes no photos that another model prepared', async () => {
    await expect(matching.embedImages([preprocess(combined, photo)])).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  test('prepares a photo once where both see it alike', async () => {
    const alike = await load(matchingFolder, captioningFolder);
    expect(alike).toBeInstanceOf(CombinedModel);
    expect(preprocess(alike, photo)).toEqual(preprocess(matching, photo));
    const { features } = await embed(alike);
    expect(features.captioner?.patches).toEqual(features.patches);
    await alike.dispose();
  });

  test('needs one that matches and one that captions', async () => {
    await expect(load(captioningFolder, captioningFolder)).rejects.toMatchObject({
      code: 'bad-request',
      subject: captioningFolder,
    });
    await expect(load(matchingFolder, matchingFolder)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('cannot write captions'),
    });
  });
});
