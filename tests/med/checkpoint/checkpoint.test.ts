import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadModel } from '#main/med/model/load.ts';
import { textNames } from '#main/med/checkpoint/text-names.ts';

const tiny = join(import.meta.dirname, '../../fixtures/tiny-model');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medley-checkpoint-'));
  cpSync(tiny, folder, { recursive: true });
});

function editConfig(change: (config: Record<string, Record<string, unknown>>) => void): void {
  const file = join(folder, 'config.json');
  const config: Record<string, Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'));
  change(config);
  writeFileSync(file, JSON.stringify(config));
}

async function idOf(place: string): Promise<string> {
  const model = await loadModel({ folder: place, device: 'cpu' });
  await model.dispose();
  return model.info.id;
}

describe('a checkpoint folder', () => {
  test('says what it is', async () => {
    writeFileSync(join(folder, 'README.md'), '# A card');
    const { info } = await loadModel({ folder, device: 'cpu' });
    expect(info).toMatchObject({
      name: 'tiny',
      id: expect.stringMatching(/^tiny@[0-9a-f]{12}$/),
      imageId: expect.stringMatching(/^tiny@[0-9a-f]{12}$/),
      folder,
      imageSize: 64,
      embeddingSize: 16,
      cosineWeight: 1,
      bytes: readFileSync(join(tiny, 'model.safetensors')).length,
      card: '# A card',
    });
  });

  test('changes its id with configuration, vocabulary and weights, not with its place', async () => {
    const before = await idOf(folder);
    expect(before).toBe(await idOf(tiny));
    editConfig((config) => {
      config['generation']['min_length'] = 6;
    });
    const withConfig = await idOf(folder);
    appendFileSync(join(folder, 'vocab.txt'), '');
    writeFileSync(
      join(folder, 'vocab.txt'),
      readFileSync(join(folder, 'vocab.txt'), 'utf8').replace('word3\n', 'word33\n'),
    );
    const withVocabulary = await idOf(folder);
    const weights = readFileSync(join(folder, 'model.safetensors'));
    weights[weights.length - 1] ^= 1;
    writeFileSync(join(folder, 'model.safetensors'), weights);
    const ids = [before, withConfig, withVocabulary, await idOf(folder)];
    expect(new Set(ids).size).toBe(4);
  });

  test('is only read', async () => {
    chmodSync(folder, 0o555);
    const model = await loadModel({ folder, device: 'cpu' });
    expect(await model.embedTexts(['a photo'])).toHaveLength(1);
    await model.dispose();
    chmodSync(folder, 0o755);
  });

  test.each(['config.json', 'vocab.txt', 'model.safetensors'])(
    'without %s is refused',
    async (file) => {
      rmSync(join(folder, file));
      await expect(loadModel({ folder, device: 'cpu' })).rejects.toMatchObject({
        code: 'file-missing',
        subject: join(folder, file),
      });
    },
  );

  test('with a configuration that lacks settings names each of them', async () => {
    editConfig((config) => {
      delete config['text_config']['hidden_size'];
      config['generation']['num_beams'] = 0;
    });
    await expect(loadModel({ folder, device: 'cpu' })).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(/text_config\.hidden_size.*generation\.num_beams/),
    });
  });

  test('with heads that do not divide the width is refused', async () => {
    editConfig((config) => {
      config['vision_config']['num_attention_heads'] = 5;
    });
    await expect(loadModel({ folder, device: 'cpu' })).rejects.toThrow(/num_attention_heads/);
  });

  test('with weights of another shape names tensor and both shapes', async () => {
    editConfig((config) => {
      config['text_config']['intermediate_size'] = 100;
    });
    await expect(loadModel({ folder, device: 'cpu' })).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(
        /model\.safetensors: tensor .*intermediate\.dense\.weight: .*\[96,48\].*\[100,48\]/,
      ),
    });
  });

  test('with too few layers in the file names the missing tensor', async () => {
    editConfig((config) => {
      config['text_config']['num_hidden_layers'] = 3;
    });
    await expect(loadModel({ folder, device: 'cpu' })).rejects.toThrow(
      /lack text_encoder.*layer\.2/,
    );
  });

  test('with more pieces than the embedding has rows is refused', async () => {
    appendFileSync(join(folder, 'vocab.txt'), 'extra\n');
    await expect(loadModel({ folder, device: 'cpu' })).rejects.toThrow(/201 pieces/);
  });
});

describe('where modes keep their parameters', () => {
  test('everything under one name when all is shared', () => {
    const [encoder, decoder] = [textNames('all', 'itm-encoder'), textNames('all', 'decoder')];
    expect(decoder.selfAttention(3)).toBe(encoder.selfAttention(3));
  });

  test('the decoder has a self-attention of its own in the official checkpoints', () => {
    const names = textNames('all-but-self-attention', 'decoder');
    expect(names.selfAttention(3)).toBe('text_decoder.bert.encoder.layer.3.attention');
    expect(names.layer(3)).toBe('text_encoder.encoder.layer.3');
    expect(textNames('all-but-self-attention', 'itm-encoder').selfAttention(3)).toBe(
      'text_encoder.encoder.layer.3.attention',
    );
  });
});
