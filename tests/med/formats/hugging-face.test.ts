import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { huggingFaceConfig } from '#main/med/formats/hugging-face-config.ts';
import { loadModel } from '#main/med/model/load.ts';
import {
  captioningConfig,
  captioningWeights,
  emptyFolder,
  matchingConfig,
  matchingWeights,
  without,
  writeHuggingFace,
  type Weights,
} from '../../support/blip-folders.ts';
import { smallVocabulary } from '../../support/blip-weights.ts';
import { safetensorsFile } from '../../support/safetensors-file.ts';
import { answersOf } from './answers-of.ts';

const photos = {
  size: null,
  mean: [0, 0, 0] as [number, number, number],
  std: [1, 1, 1] as [number, number, number],
};
const both = { matching: true, captioning: true };

function configFile(settings: object) {
  return { file: '/m/config.json', text: '', json: { model_type: 'blip', ...settings } };
}

describe('the config.json of transformers', () => {
  test('has the defaults of its classes where it says nothing', () => {
    const config = huggingFaceConfig(configFile({}), both, photos);
    expect(config).toMatchObject({
      share: 'none',
      projection_size: 256,
      vision_config: {
        stem: 'patch',
        image_size: 384,
        patch_size: 16,
        hidden_size: 768,
        num_hidden_layers: 12,
        num_attention_heads: 12,
        intermediate_size: 3072,
        layer_norm_eps: 1e-5,
      },
      text_config: {
        vocab_size: 30524,
        hidden_size: 768,
        num_hidden_layers: 12,
        num_attention_heads: 8,
        intermediate_size: 3072,
        layer_norm_eps: 1e-12,
        max_position_embeddings: 512,
      },
      generation: { prompt: 'a picture of', num_beams: 3, min_length: 5, max_length: 20 },
    });
  });

  test.each<[string, object, RegExp]>([
    ['another activation', { text_config: { hidden_act: 'gelu_new' } }, /text_config\.hidden_act/],
    ['a question answerer', { architectures: ['BlipForQuestionAnswering'] }, /architectures/],
    [
      'an oblong input',
      { vision_config: { image_size: [384, 224] } },
      /image_size: must be a square/,
    ],
    ['untied word embeddings', { tie_word_embeddings: false }, /tie_word_embeddings/],
    [
      'heads that do not divide',
      { vision_config: { num_attention_heads: 7 } },
      /num_attention_heads/,
    ],
  ])('of %s is refused by name', (_, settings, message) => {
    expect(() => huggingFaceConfig(configFile(settings), both, photos)).toThrow(message);
  });
});

describe('a folder in the layout of Hugging Face', () => {
  test('that matches can do no more', async () => {
    const model = await loadModel({
      folder: writeHuggingFace(matchingConfig, matchingWeights),
      device: 'cpu',
    });
    expect(model.info).toMatchObject({ name: 'blip-itm', imageSize: 32, embeddingSize: 12 });
    const [{ features, embedding }] = await model.embedImages([new Uint8Array(3 * 32 * 32)]);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    await expect(model.caption([features], { method: 'greedy' })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('cannot write captions'),
    });
    await model.dispose();
  });

  test('that captions can do no more', async () => {
    const model = await loadModel({
      folder: writeHuggingFace(captioningConfig, captioningWeights),
      device: 'cpu',
    });
    const [{ features }] = await model.embedImages([new Uint8Array(3 * 32 * 32)]);
    const [[caption]] = await model.caption([features], { method: 'greedy' });
    expect(caption.tokens.length).toBeGreaterThan(0);
    await expect(model.match([features], ['a dog'])).rejects.toMatchObject({ code: 'bad-request' });
    await expect(model.embedTexts(['a dog'])).rejects.toMatchObject({ code: 'bad-request' });
    await model.dispose();
  });

  test('in shards says the same as in one file', async () => {
    const whole = writeHuggingFace(matchingConfig, matchingWeights);
    const sharded = writeShards(matchingWeights);
    expect(await answersOf(sharded)).toEqual(await answersOf(whole));
  });

  test('of links, as the hub keeps its downloads, is read where the files lie', async () => {
    const whole = writeHuggingFace(matchingConfig, matchingWeights);
    const cache = emptyFolder();
    mkdirSync(join(cache, 'blobs'));
    mkdirSync(join(cache, 'snapshots/abc'), { recursive: true });
    for (const name of ['config.json', 'vocab.txt', 'model.safetensors']) {
      renameSync(join(whole, name), join(cache, 'blobs', `of-${name}`));
      symlinkSync(`../../blobs/of-${name}`, join(cache, 'snapshots/abc', name));
    }
    const linked = join(cache, 'snapshots/abc');
    const plain = writeHuggingFace(matchingConfig, matchingWeights);
    expect(await answersOf(linked)).toEqual(await answersOf(plain));
  });

  test('may keep the tied tensors of the language head under either name', async () => {
    const head = 'text_decoder.cls.predictions';
    const words = 'text_decoder.bert.embeddings.word_embeddings.weight';
    const other: Weights = {
      ...captioningWeights,
      [`${head}.decoder.weight`]: captioningWeights[words],
      [`${head}.decoder.bias`]: captioningWeights[`${head}.bias`],
    };
    const all = await answersOf(writeHuggingFace(captioningConfig, other));
    const aliases = without(other, words, `${head}.bias`);
    expect(await answersOf(writeHuggingFace(captioningConfig, aliases))).toEqual(all);
    expect(await answersOf(writeHuggingFace(captioningConfig, captioningWeights))).toEqual(all);
  });

  test('may mix types, and hold buffers of any', async () => {
    const exact = await answersOf(writeHuggingFace(matchingConfig, matchingWeights));
    const folder = writeHuggingFace(matchingConfig, matchingWeights, (name) =>
      name.includes('layer.0') ? 'F16' : name.includes('bias') ? 'BF16' : 'F32',
    );
    const header = JSON.parse(headerOf(join(folder, 'model.safetensors')));
    const types = Object.values<{ dtype: string }>(header).map(({ dtype }) => dtype);
    expect(new Set(types)).toEqual(new Set(['F32', 'F16', 'BF16']));
    const mixed = await answersOf(folder);
    expect(mixed.logits[0]).toBeCloseTo(exact.logits[0], 1);
    expect(mixed).not.toEqual(exact);
  });

  test('takes pieces from tokenizer.json where there is no vocab.txt', async () => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    const before = await answersOf(folder);
    rmSync(join(folder, 'vocab.txt'));
    const pieces = smallVocabulary.trim().split('\n');
    const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
    const added = ['[DEC]', '[ENC]'].map((content, i) => ({ id: pieces.length + i, content }));
    writeFileSync(
      join(folder, 'tokenizer.json'),
      JSON.stringify({ model: { type: 'WordPiece', vocab }, added_tokens: added }),
    );
    expect(await answersOf(folder)).toEqual(before);
  });

  test('without any pieces says which file to put there', async () => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    rmSync(join(folder, 'vocab.txt'));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringMatching(/vocab\.txt of bert-base-uncased/),
    });
  });

  describe('with ids of special tokens in its config.json', () => {
    const pieces = smallVocabulary.trim().split('\n');
    // Official files end texts with id 2 by name, and with [SEP] in fact.
    const right = { bos_token_id: pieces.length, eos_token_id: 2, pad_token_id: 0 };
    const folderWith = (ids: object) =>
      writeHuggingFace(
        { ...captioningConfig, text_config: { ...captioningConfig.text_config, ...right, ...ids } },
        captioningWeights,
      );

    test('is opened where the vocabulary has them too, or nothing is said', async () => {
      expect(pieces.indexOf('[SEP]')).toBe(3);
      for (const ids of [{ sep_token_id: 3 }, { sep_token_id: null }, {}]) {
        expect((await openCheckpoint(folderWith(ids))).roles.captioning).toBe(true);
      }
    });

    test.each([
      ['bos_token_id', 30522, '[DEC]'],
      ['sep_token_id', 102, '[SEP]'],
      ['pad_token_id', 1, '[PAD]'],
    ])('is refused when the vocabulary has another %s', async (key, id, token) => {
      const folder = folderWith({ [key]: id });
      const error: unknown = await openCheckpoint(folder).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'checkpoint-invalid',
        message: expect.stringContaining(`config.json: text_config.${key} is ${id}, but ${token}`),
      });
    });
  });

  test.each<[string, object]>([
    [
      'preprocessor_config.json',
      { size: { height: 64, width: 64 }, image_mean: [0, 0, 0], image_std: [1, 1, 1] },
    ],
    [
      'processor_config.json',
      { image_processor: { size: 64, image_mean: [0, 0, 0], image_std: [1, 1, 1] } },
    ],
  ])('prepares photos as %s says', async (name, settings) => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    const before = await openCheckpoint(folder);
    expect(before.config.vision_config.image_mean[0]).toBe(0.48145466);
    writeFileSync(join(folder, name), JSON.stringify(settings));
    const after = await openCheckpoint(folder);
    expect(after.config.vision_config).toMatchObject({
      image_size: 64,
      image_mean: [0, 0, 0],
      image_std: [1, 1, 1],
    });
    expect(after.id).not.toBe(before.id);
  });

  test('with another kernel of resizing is refused by name', async () => {
    const folder = writeHuggingFace(matchingConfig, matchingWeights);
    writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify({ resample: 2 }));
    await expect(openCheckpoint(folder)).rejects.toThrow(/preprocessor_config\.json: resample/);
  });
});

/** A tensor of the second shard. */
const lastName = 'text_encoder.encoder.layer.1.output.LayerNorm.bias';

describe('shards', () => {
  test.each<[string, (map: Record<string, string>) => void, RegExp]>([
    [
      'a file elsewhere',
      (map) => (map['itm_head.bias'] = '../a.safetensors'),
      /itm_head\.bias.*beside/,
    ],
    [
      'a file that is not there',
      (map) => (map['itm_head.bias'] = 'c.safetensors'),
      /c\.safetensors/,
    ],
    ['a tensor that is not there', (map) => (map['ghost'] = 'a.safetensors'), /ghost.*missing/],
    [
      'a tensor in another shard',
      (map) => (map[lastName] = 'a.safetensors'),
      /layer\.1.*does not place/,
    ],
  ])('whose index names %s are refused', async (_, change, message) => {
    const folder = writeShards(matchingWeights, change);
    await expect(openCheckpoint(folder)).rejects.toThrow(message);
  });
});

/** Two shards and their index. */
function writeShards(weights: Weights, change: (map: Record<string, string>) => void = () => {}) {
  const folder = writeHuggingFace(matchingConfig, {});
  rmSync(join(folder, 'model.safetensors'));
  const names = Object.keys(weights);
  const half = names.length / 2;
  const shardOf = (i: number) => (i < half ? 'a.safetensors' : 'b.safetensors');
  const map = Object.fromEntries(names.map((name, i) => [name, shardOf(i)]));
  for (const shard of ['a.safetensors', 'b.safetensors']) {
    const own = Object.entries(weights).filter(([name]) => map[name] === shard);
    writeFileSync(join(folder, shard), safetensorsFile(Object.fromEntries(own)));
  }
  change(map);
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
  return folder;
}

function headerOf(file: string): string {
  const bytes = readFileSync(file);
  return bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()));
}
