import { expect, it } from 'vitest';
import { FeatureCache } from '#main/search/feature-cache.ts';

const features = (floats: number) => ({ patches: new Float32Array(floats) });

it('drops what was used longest ago once over its bytes', () => {
  const cache = new FeatureCache(3 * 40);
  for (const id of ['a', 'b', 'c']) cache.set(id, features(10));
  cache.get('a');
  cache.set('d', features(10));
  expect(['a', 'b', 'c', 'd'].filter((id) => cache.has(id))).toEqual(['a', 'c', 'd']);
  expect(cache.bytes).toBe(120);
});

it('counts what the captioner has of its own', () => {
  const cache = new FeatureCache(1000);
  cache.set('a', { ...features(10), captioner: features(30) });
  expect(cache.bytes).toBe(160);
  cache.set('a', features(10));
  expect(cache.bytes).toBe(40);
});

it('replaces an entry and gives its bytes back', () => {
  const cache = new FeatureCache(1000);
  cache.set('a', features(10));
  cache.set('a', features(20));
  expect(cache.bytes).toBe(80);
  cache.delete('a');
  cache.delete('a');
  expect(cache.bytes).toBe(0);
});
