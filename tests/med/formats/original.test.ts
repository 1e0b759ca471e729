import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countParameters, openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import {
  captioningConfig,
  captioningWeights,
  emptyFolder,
  matchingConfig,
  matchingWeights,
  without,
  writeHuggingFace,
  writeOriginal,
} from '../../support/blip-folders.ts';
import { answersOf } from './answers-of.ts';

const everything = { ...matchingWeights, ...captioningWeights };

describe('an original .pth', () => {
  test('of all three modes says what the two checkpoints of Hugging Face say', async () => {
    const whole = await answersOf(writeOriginal(everything));
    const matching = await answersOf(writeHuggingFace(matchingConfig, matchingWeights));
    const captioning = await answersOf(writeHuggingFace(captioningConfig, captioningWeights));
    expect(whole.patches).toEqual(matching.patches);
    expect(whole.embeddings).toEqual(matching.embeddings);
    expect(whole.logits).toEqual(matching.logits);
    expect(whole.captions).toEqual(captioning.captions);
  });

  test('tells its sizes by its tensors, the rest as salesforce/BLIP sets it', async () => {
    const { config, roles, id } = await openCheckpoint(writeOriginal(everything));
    expect(id).toMatch(/^blip@[0-9a-f]{12}$/);
    expect(roles).toEqual({ matching: true, captioning: true });
    expect(config).toMatchObject({
      share: 'none',
      projection_size: 12,
      vision_config: {
        patch_size: 8,
        image_size: 32,
        hidden_size: 128,
        num_hidden_layers: 2,
        num_attention_heads: 2,
        intermediate_size: 96,
        layer_norm_eps: 1e-6,
      },
      text_config: {
        vocab_size: 24,
        hidden_size: 64,
        num_hidden_layers: 2,
        num_attention_heads: 1,
        intermediate_size: 80,
        layer_norm_eps: 1e-12,
        max_position_embeddings: 16,
      },
      generation: { prompt: 'a picture of', num_beams: 3, min_length: 5, max_length: 16 },
    });
  });

  test('is opened by its path, or by its folder where it is the only one', async () => {
    const folder = writeOriginal(matchingWeights);
    const { id } = await openCheckpoint(folder);
    expect((await openCheckpoint(join(folder, 'model.pth'))).id).toBe(id);
    writeOriginal(captioningWeights, folder, 'other.pth');
    await expect(openCheckpoint(folder)).rejects.toThrow(/name one of model\.pth, other\.pth/);
    const { roles } = await openCheckpoint(join(folder, 'other.pth'));
    expect(roles).toEqual({ matching: false, captioning: true });
  });

  test('leaves out what only training needs', async () => {
    const { tensors } = await openCheckpoint(writeOriginal(matchingWeights));
    expect([...tensors.keys()].toSorted()).toEqual(Object.keys(matchingWeights).toSorted());
    const count = Object.values(matchingWeights).reduce(
      (sum, { values }) => sum + values.length,
      0,
    );
    expect(countParameters(tensors)).toBe(count);
  });

  test('without vocab.txt beside it says which to put there', async () => {
    const folder = writeOriginal(matchingWeights);
    rmSync(join(folder, 'vocab.txt'));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'file-missing',
      subject: join(folder, 'vocab.txt'),
      message: expect.stringMatching(/bert-base-uncased/),
    });
  });

  test('of another model is refused by tensor', async () => {
    const rest = without(matchingWeights, 'vision_model.embeddings.patch_embedding.weight');
    await expect(openCheckpoint(writeOriginal(rest))).rejects.toThrow(/patch_embedding\.weight/);
    const answering = { ...captioningWeights, ...matchingWeights };
    const questions = Object.fromEntries(
      Object.entries(answering).filter(([name]) => !/^(itm_head|vision_proj|text_proj)/.test(name)),
    );
    await expect(openCheckpoint(writeOriginal(questions))).rejects.toThrow(
      /text_encoder\..*no such/,
    );
  });

  test('an empty folder says what a model folder holds', async () => {
    await expect(openCheckpoint(emptyFolder())).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringMatching(/\.pth file of BLIP and vocab\.txt/),
    });
  });
});
