import { expect, it } from 'vitest';
import { z } from 'zod';
import { verdictOf } from '../../src/renderer/src/format/verdict.ts';
import starter from '../fixtures/parity/starter.json';

const Pairs = z.array(z.object({ caption: z.string(), itm: z.tuple([z.number(), z.number()]) }));

/** The photos show land, boats, flowers and an aircraft: nobody near, and no dog. */
const absent = /\b(dog|man|woman|children|girl|people)\b/;
/** A rock face, but nobody on it: neither right nor wrong. */
const halfRight = 'a climber on a rock face';

it('has words that are right for the starter, on photos that it never saw', () => {
  const pairs = Pairs.parse(starter).filter(({ caption }) => caption !== halfRight);
  const levels = pairs.map(({ itm: [mismatch, match] }) => {
    return verdictOf(1 / (1 + Math.exp(mismatch - match))).level;
  });
  const right = levels.filter((_, i) => !absent.test(pairs[i].caption));
  const wrong = levels.filter((_, i) => absent.test(pairs[i].caption));
  const share = (level: string, of: readonly string[]) =>
    of.filter((each) => each === level).length / of.length;
  expect([right.length, wrong.length]).toEqual([23, 8]);
  expect(share('fits', wrong)).toBe(0);
  expect(share('unlikely', wrong)).toBeGreaterThan(0.75);
  expect(share('fits', right)).toBeGreaterThan(0.75);
  expect(share('unlikely', right)).toBeLessThan(0.2);
});
