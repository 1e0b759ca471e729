import { mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AdapterCard } from '#main/med/adapter/adapter-card.ts';
import { adapted, CARD, mayBeAdapter, openAdapter } from '#main/med/adapter/adapter-file.ts';
import { weightChanges } from '#main/med/adapter/weight-changes.ts';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { safetensorsBytes, type WrittenTensor } from '#main/med/formats/safetensors-writer.ts';

const base = await openCheckpoint(join(import.meta.dirname, '../../fixtures/tiny-lite-model'));
const folder = mkdtempSync(join(tmpdir(), 'medley-adapters-'));
const layer = 'text_encoder.encoder.layer.0.intermediate.dense';

const card: AdapterCard = {
  format: 'medley-adapter',
  version: 1,
  base: base.id,
  roles: ['filter'],
  trainable: 'lora',
  lora: { rank: 1, alpha: 2 },
  recipe: {},
  data: { photos: 0, captions: 0, train: 0, validation: 0, heldOut: 0 },
  scores: [],
  better: true,
  reason: '',
};

function written(
  name: string,
  tensors: Record<string, WrittenTensor>,
  metadata: Record<string, string> = { [CARD]: JSON.stringify(card) },
): string {
  const file = join(folder, `${name}.safetensors`);
  writeFileSync(file, safetensorsBytes(new Map(Object.entries(tensors)), metadata));
  return file;
}

const ones = (...shape: number[]): WrittenTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, dim) => product * dim, 1)).fill(1),
});

test('factors are added to their weight, and a whole weight takes its place', () => {
  const tensor = (shape: number[], values: number[]) => ({
    shape,
    read: () => Float32Array.from(values),
  });
  const stored = (name: string, shape: number[]) =>
    [name, { name, type: 'f32', shape, file: '', offset: 0, length: 0 }] as const;
  const changes = weightChanges(
    new Map([
      ['a.lora_A.weight', tensor([2, 3], [1, 2, 3, 4, 5, 6])],
      ['a.lora_B.weight', tensor([2, 2], [1, 0, 2, -1])],
      ['b.bias', tensor([2], [7, 8])],
    ]),
    { rank: 2, alpha: 1 },
    new Map([stored('a.weight', [2, 3]), stored('b.bias', [2])]),
    'file',
  );
  // B A is [[1, 2, 3], [2 - 4, 4 - 5, 6 - 6]]; half of it is added.
  const merged = changes.get('a.weight')?.(Float32Array.of(10, 20, 30, 40, 50, 60));
  expect(merged).toEqual(Float32Array.of(10.5, 21, 31.5, 39, 49.5, 60));
  expect(changes.get('b.bias')?.(Float32Array.of(1, 2))).toEqual(Float32Array.of(7, 8));
});

test('an adapter makes another model, in its own roles', async () => {
  const tensors = {
    [`${layer}.lora_A.weight`]: ones(1, 48),
    [`${layer}.lora_B.weight`]: ones(96, 1),
  };
  const filter = await openAdapter(written('filter', tensors));
  const captioner = await openAdapter(
    written('captioner', tensors, { [CARD]: JSON.stringify({ ...card, roles: ['captioner'] }) }),
  );
  const one = adapted(base, [filter]);
  const both = adapted(base, [filter, captioner]);
  expect(Object.keys(one.roleChanges ?? {})).toEqual(['matching']);
  expect(Object.keys(both.roleChanges ?? {})).toEqual(['matching', 'captioning']);
  expect(new Set([base.id, one.id, both.id]).size).toBe(3);
  expect(adapted(base, [captioner, filter]).id).toBe(both.id);
  expect(() => adapted(base, [filter, filter])).toThrow(/is for the same\. Take one/);
});

test.each([
  ['a file without a card', {}, {}, /no adapter of Medley/],
  ['a card that is not JSON', {}, { [CARD]: '{' }, /not JSON/],
  ['a card of a later version', {}, { [CARD]: JSON.stringify({ ...card, version: 2 }) }, /version/],
  ['another base', {}, { [CARD]: JSON.stringify({ ...card, base: 'x@1' }) }, /for the model x@1/],
  ['a weight the model lacks', { 'x.weight': ones(1) }, undefined, /x\.weight: .*no such weight/],
  ['another shape', { 'itm_head.bias': ones(3) }, undefined, /it is \[3\], not \[2\]/],
  [
    'half a pair',
    { [`${layer}.lora_A.weight`]: ones(1, 48) },
    undefined,
    /other factor is missing/,
  ],
  ['the other half', { [`${layer}.lora_B.weight`]: ones(96, 1) }, undefined, /factor is missing/],
  [
    'factors of another layer',
    { [`${layer}.lora_A.weight`]: ones(1, 96), [`${layer}.lora_B.weight`]: ones(48, 1) },
    undefined,
    /are no factors of \[96,48\]/,
  ],
  [
    'a number that is none',
    { 'itm_head.bias': { shape: [2], data: Float32Array.of(1, NaN) } },
    undefined,
    /weight 1 is not a finite number/,
  ],
])('%s is refused', async (name, tensors, metadata, reason) => {
  const file = written(name, tensors, metadata);
  const use = async () => adapted(base, [await openAdapter(file)]);
  await expect(use()).rejects.toThrow(reason);
});

test.each([
  ['within its length', 4, /too short to be a \.safetensors file/],
  ['within its header', 40, /its header is longer than the file: truncated/],
  ['within its weights', -4, /its bytes lie beyond the end of the file: truncated\?/],
])('cut off %s, it is named with what is wrong and what to do', async (_, end, reason) => {
  const file = written(`cut ${end}`, { 'itm_head.bias': ones(2) });
  truncateSync(file, end < 0 ? readFileSync(file).length + end : end);
  expect(await mayBeAdapter(file)).toBe(true);
  const opening = openAdapter(file);
  await expect(opening).rejects.toThrow(reason);
  await expect(opening).rejects.toThrow(file);
  await expect(opening).rejects.toThrow(/it is damaged: export or copy it again/);
});

test('what is no adapter is not taken for a damaged one', async () => {
  expect(await mayBeAdapter(written('plain', { 'itm_head.bias': ones(2) }, {}))).toBe(false);
  expect(await mayBeAdapter(join(folder, 'gone.safetensors'))).toBe(false);
  mkdirSync(join(folder, 'a.safetensors'));
  expect(await mayBeAdapter(join(folder, 'a.safetensors'))).toBe(false);
  writeFileSync(join(folder, 'notes.txt'), 'Dear diary');
  expect(await mayBeAdapter(join(folder, 'notes.txt'))).toBe(false);
});
