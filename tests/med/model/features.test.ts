import { describe, expect, test } from 'vitest';
import { stackFeatures, viewsOf, withoutRepeats } from '#main/med/model/features.ts';

const batch = Float32Array.from({ length: 12 }, (_, i) => i);
const photos = viewsOf(batch, 3).map((patches) => ({ patches }));

describe('features of several photos as one tensor', () => {
  test('are not copied where they lie one behind the other', () => {
    const tensor = stackFeatures(photos.slice(1), 2, 'f32');
    expect(tensor.dims).toEqual([2, 2, 2]);
    expect(tensor.data).toEqual(batch.subarray(4));
    if (!(tensor.data instanceof Float32Array)) throw new Error('f32 was asked for');
    expect(tensor.data.buffer).toBe(batch.buffer);
  });

  test('are put in the order asked for', () => {
    const tensor = stackFeatures([photos[2], photos[0]], 2, 'f32');
    expect([...tensor.data]).toEqual([8, 9, 10, 11, 0, 1, 2, 3]);
  });

  test('are converted from what a model of the other type made', () => {
    const tensor = stackFeatures(photos, 4, 'f16');
    expect(tensor.type).toBe('float16');
    expect([...tensor.data].slice(0, 3)).toEqual([0, 1, 2]);
    const halves = viewsOf(Float16Array.of(1.5, -2, 0.25, 4), 2).map((patches) => ({ patches }));
    expect([...stackFeatures(halves, 2, 'f32').data]).toEqual([1.5, -2, 0.25, 4]);
  });

  test('of another model are refused', () => {
    const foreign = { patches: new Float32Array(6) };
    const refusal = expect.objectContaining({ code: 'bad-request' });
    expect(() => stackFeatures([photos[0], foreign], 2, 'f32')).toThrowError(refusal);
    expect(() => stackFeatures(photos, 3, 'f32')).toThrowError(refusal);
  });
});

test('a photo that comes again and again, as often as the others, is held once', () => {
  const [a, b] = photos;
  expect(withoutRepeats([a, a, b, b])).toEqual([a, b]);
  expect(withoutRepeats([a, b, a, b])).toHaveLength(4);
  expect(withoutRepeats([a, a, b])).toHaveLength(3);
});
