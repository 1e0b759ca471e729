import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { expect, test } from 'vitest';
import { MedConfig } from '#main/med/checkpoint/config.ts';
import { parametersOf } from '#main/med/checkpoint/parameters.ts';
import { readTensorIndex } from '#main/med/formats/safetensors.ts';
import { imageEncoderGraph } from '#main/med/graphs/image-encoder.ts';
import { Graph } from '#main/onnx/graph.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { createSession } from '#main/runtime/session.ts';

const [side, patch, width] = [6, 3, 4];
const tokens = (side / patch) ** 2;

/** Weights of an encoder whose one layer adds nothing, so that only the embedding shows. */
const weights: Record<string, { shape: number[]; at: (i: number) => number }> = {
  'embeddings.patch_embedding.weight': { shape: [width, 3, patch, patch], at: (i) => Math.sin(i) },
  'embeddings.patch_embedding.bias': { shape: [width], at: (i) => i / 10 },
  'embeddings.class_embedding': { shape: [1, 1, width], at: (i) => Math.cos(i) },
  'embeddings.position_embedding': { shape: [1, tokens + 1, width], at: (i) => Math.cos(3 * i) },
  'encoder.layers.0.layer_norm1.weight': { shape: [width], at: () => 1 },
  'encoder.layers.0.layer_norm1.bias': { shape: [width], at: () => 0 },
  'encoder.layers.0.self_attn.qkv.weight': { shape: [3 * width, width], at: (i) => i / 50 },
  'encoder.layers.0.self_attn.qkv.bias': { shape: [3 * width], at: () => 1 },
  'encoder.layers.0.self_attn.projection.weight': { shape: [width, width], at: () => 0 },
  'encoder.layers.0.self_attn.projection.bias': { shape: [width], at: () => 0 },
  'encoder.layers.0.layer_norm2.weight': { shape: [width], at: () => 1 },
  'encoder.layers.0.layer_norm2.bias': { shape: [width], at: () => 0 },
  'encoder.layers.0.mlp.fc1.weight': { shape: [8, width], at: () => 1 },
  'encoder.layers.0.mlp.fc1.bias': { shape: [8], at: () => 0 },
  'encoder.layers.0.mlp.fc2.weight': { shape: [width, 8], at: () => 0 },
  'encoder.layers.0.mlp.fc2.bias': { shape: [width], at: () => 0 },
  'post_layernorm.weight': { shape: [width], at: () => 1 },
  'post_layernorm.bias': { shape: [width], at: () => 0 },
};

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

function valuesOf(name: string): Float32Array {
  const { shape, at } = weights[name];
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => at(i));
}

async function writeCheckpoint() {
  const folder = mkdtempSync(join(tmpdir(), 'medley-patch-'));
  const transformer = {
    hidden_size: width,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 8,
    layer_norm_eps: 1e-6,
  };
  const config = {
    name: 'patch',
    share: 'all-but-self-attention',
    projection_size: 2,
    vision_config: {
      stem: 'patch',
      patch_size: patch,
      image_size: side,
      image_mean: [0, 0, 0],
      image_std: [1, 1, 1],
      ...transformer,
    },
    text_config: { vocab_size: 10, max_position_embeddings: 5, ...transformer },
    generation: { prompt: '', num_beams: 1, min_length: 1, max_length: 5, repetition_penalty: 1 },
  };
  const named = [
    ...Object.keys(weights).map((name) => ({
      name: `vision_model.${name}`,
      shape: weights[name].shape,
      values: valuesOf(name),
    })),
    { name: 'vision_proj.weight', shape: [2, width], values: new Float32Array(2 * width).fill(1) },
    { name: 'vision_proj.bias', shape: [2], values: new Float32Array(2) },
  ];
  let end = 0;
  const entries = named.map(({ name, shape, values }) => {
    const start = end;
    end += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = named.map(({ values }) => Buffer.from(values.buffer));
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, header, ...data]));
  return {
    config: MedConfig.parse(config),
    roles: { matching: true, captioning: false },
    tensors: await readTensorIndex(join(folder, 'model.safetensors')),
    weightsFolder: realpathSync(folder),
  };
}

/** [CLS] and the patches in reading order, each with its position, then normalised. */
function expectedTokens(pixels: Uint8Array): number[] {
  const kernel = valuesOf('embeddings.patch_embedding.weight');
  const bias = valuesOf('embeddings.patch_embedding.bias');
  const positions = valuesOf('embeddings.position_embedding');
  const across = side / patch;
  const rows = [[...valuesOf('embeddings.class_embedding')]];
  for (let token = 0; token < tokens; token++) {
    const [top, left] = [Math.floor(token / across) * patch, (token % across) * patch];
    const row = Array.from({ length: width }, (_, output) => {
      let sum = bias[output];
      for (let channel = 0; channel < 3; channel++) {
        for (let y = 0; y < patch; y++) {
          for (let x = 0; x < patch; x++) {
            const pixel = pixels[((top + y) * side + left + x) * 3 + channel] / 255;
            sum += pixel * kernel[((output * 3 + channel) * patch + y) * patch + x];
          }
        }
      }
      return sum;
    });
    rows.push(row);
  }
  return rows.flatMap((row, token) => {
    const placed = row.map((value, i) => value + positions[token * width + i]);
    const mean = placed.reduce((sum, value) => sum + value, 0) / width;
    const variance = placed.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    return placed.map((value) => (value - mean) / Math.sqrt(variance + 1e-6));
  });
}

test('patches of the ordinary vision transformer become tokens in reading order', async () => {
  const checkpoint = await writeCheckpoint();
  const graph = new Graph('image-encoder');
  const target = { dtype: 'f32', fusesAttention: false } as const;
  imageEncoderGraph(parametersOf(graph, checkpoint, target), checkpoint);
  const session = await createSession(toModelBytes(graph), {
    provider: 'cpu',
    weightsFolder: checkpoint.weightsFolder,
  });
  const pixels = Uint8Array.from(
    { length: 3 * side * side },
    (_, i) => 127 * (1 + Math.sin(7 * i)),
  );
  const { patches } = await session.run({
    pixels: new Tensor('uint8', pixels, [1, side, side, 3]),
  });
  await session.release();
  expect(patches.dims).toEqual([1, tokens + 1, width]);
  const expected = expectedTokens(pixels);
  Array.from(patches.data, Number).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 4);
  });
});
