import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import {
  captioningConfig,
  captioningWeights,
  matchingConfig,
  matchingWeights,
  without,
  writeHuggingFace,
  writeOriginal,
  type Weights,
} from '../../support/blip-folders.ts';
import type { TestDtype } from '../../support/safetensors-file.ts';

const qkv = 'vision_model.encoder.layers.1.self_attn.qkv.weight';

function changed(name: string, change: (values: number[]) => void): Weights {
  const tensor = matchingWeights[name];
  const values = [...tensor.values];
  change(values);
  return { ...matchingWeights, [name]: { ...tensor, values } };
}

describe('opening a checkpoint', () => {
  test.each(
    Object.keys(matchingWeights).filter((name) => /proj|head|layers?\.0|embeddings/.test(name)),
  )('without %s refuses it', async (name) => {
    const rest = without(matchingWeights, name);
    // Without the ITM head there is nothing that the model could be for.
    const message = name === 'itm_head.weight' ? /neither matches nor captions/ : `lack ${name}`;
    await expect(openCheckpoint(writeHuggingFace(matchingConfig, rest))).rejects.toThrow(message);
  });

  test.each([
    'text_encoder.encoder.layer.2.output.dense.weight',
    'vision_proj.scale',
    'cls_head.0.weight',
  ])('with %s besides refuses it', async (name) => {
    const folder = writeHuggingFace(matchingConfig, {
      ...matchingWeights,
      [name]: { shape: [1], values: [1] },
    });
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      subject: name,
      message: expect.stringMatching(/model\.safetensors: tensor .* no such tensor/),
    });
  });

  test('with a tensor of another shape names file, tensor and both shapes', async () => {
    const { values } = matchingWeights[qkv];
    const folder = writeHuggingFace(matchingConfig, {
      ...matchingWeights,
      [qkv]: { shape: [128, 384], values },
    });
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      subject: qkv,
      message: expect.stringMatching(/model\.safetensors: .*qkv.*\[128,384\].*\[384,128\]/),
    });
  });

  test.each<[TestDtype, number]>([
    ['F32', NaN],
    ['F32', -Infinity],
    ['F16', Infinity],
    ['F16', 1e6],
    ['BF16', NaN],
  ])('with a weight in %s that is %d names the weight', async (dtype, value) => {
    const weights = changed(qkv, (values) => (values[1234] = value));
    const folder = writeHuggingFace(matchingConfig, weights, () => dtype);
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      subject: qkv,
      message: expect.stringMatching(
        /model\.safetensors: tensor .*qkv.*: weight 1234 is not a finite/,
      ),
    });
  });

  test('with a weight in a .pth that is no number names its own name of the tensor', async () => {
    const folder = writeOriginal(changed(qkv, (values) => (values[7] = NaN)));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      subject: 'visual_encoder.blocks.1.attn.qkv.weight',
      message: expect.stringMatching(/model\.pth: .*weight 7 is not/),
    });
  });

  test('cut off refuses it', async () => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    const file = join(folder, 'model.safetensors');
    truncateSync(file, readFileSync(file).length - 1);
    await expect(openCheckpoint(folder)).rejects.toThrow(/truncated/);
  });

  test('with any other byte gives another id', async () => {
    const folder = writeHuggingFace(captioningConfig, captioningWeights);
    const { id } = await openCheckpoint(folder);
    const file = join(folder, 'model.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 4] ^= 1;
    writeFileSync(file, bytes);
    expect((await openCheckpoint(folder)).id).not.toBe(id);
  });
});

describe('another image size', () => {
  test('changes the id, and is part of the configuration', async () => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    const own = await openCheckpoint(folder);
    const larger = await openCheckpoint(folder, { imageSize: 48 });
    expect(larger.config.vision_config.image_size).toBe(48);
    expect(larger.id).not.toBe(own.id);
    expect((await openCheckpoint(folder, { imageSize: 32 })).id).toBe(own.id);
  });

  test.each([0, 4, 33])('that patches do not divide (%d) is refused', async (imageSize) => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    await expect(openCheckpoint(folder, { imageSize })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/multiple of 8/),
    });
  });
});
