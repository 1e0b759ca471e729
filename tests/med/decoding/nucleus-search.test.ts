import { describe, expect, test } from 'vitest';
import { generate } from '#main/med/decoding/generate.ts';
import { NucleusSearch, sampleNucleus } from '#main/med/decoding/nucleus-search.ts';
import { repetitionProcessor } from '#main/med/decoding/logits-processors.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { chiSquare, chiSquareLimit } from '../generation/chi-square.ts';
import { hashedLanguage, ToyDecoder } from '../generation/toy-decoder.ts';

const probabilities = [0.05, 0.4, 0.02, 0.25, 0.15, 0.1, 0.03];

describe('nucleus sampling', () => {
  test('draws from the smallest set that reaches p, in proportion', () => {
    // 0.4 + 0.25 + 0.15 = 0.8 < 0.85, so 0.1 belongs to it too.
    const nucleus = [1, 3, 4, 5];
    const random = seededRandom(11, 0);
    const scores = Float32Array.from(probabilities, (p) => Math.log(p) + 2);
    const counts = probabilities.map(() => 0);
    for (let i = 0; i < 20_000; i++) counts[sampleNucleus(scores, 2, 0.85, random())]++;
    const outside = probabilities.flatMap((_, token) => (nucleus.includes(token) ? [] : [token]));
    expect(outside.map((token) => counts[token])).toEqual([0, 0, 0]);
    const shares = nucleus.map((token) => probabilities[token] / 0.9);
    expect(
      chiSquare(
        nucleus.map((token) => counts[token]),
        shares,
      ),
    ).toBeLessThan(chiSquareLimit(3));
  });

  test('with p = 1 every token can come', () => {
    const random = seededRandom(5, 0);
    const scores = Float32Array.from(probabilities, Math.log);
    const counts = probabilities.map(() => 0);
    for (let i = 0; i < 20_000; i++) counts[sampleNucleus(scores, 0, 1, random())]++;
    expect(chiSquare(counts, probabilities)).toBeLessThan(chiSquareLimit(6));
  });

  test('a tiny p leaves the likeliest token', () => {
    const scores = Float32Array.from(probabilities, Math.log);
    expect(sampleNucleus(scores, 0, 1e-6, 0.999)).toBe(1);
  });

  test('the same seed says the same, alone or with others; another seed does not', async () => {
    const draw = async (seed: number, samples: number, photos: number) => {
      const searches = Array.from({ length: photos }, () => {
        const randoms = Array.from({ length: samples }, (_, i) => seededRandom(seed, i));
        return new NucleusSearch({ topP: 0.95, maxTokens: 20, sep: 0, processors: [], randoms });
      });
      await generate(new ToyDecoder(hashedLanguage(6, 4), 6, photos), searches, [9]);
      return searches[0].results().map(({ tokens }) => tokens);
    };
    const five = await draw(1, 5, 3);
    expect(new Set(five.map(String)).size).toBeGreaterThan(1);
    expect(await draw(1, 5, 1)).toEqual(five);
    expect(five).toContainEqual((await draw(1, 1, 1))[0]);
    expect(await draw(2, 5, 3)).not.toEqual(five);
  });

  test("log-probabilities are the unchanged model's", async () => {
    const language = hashedLanguage(5, 8);
    const processors = [repetitionProcessor(1.5, [])];
    const randoms = [0, 1, 2].map((i) => seededRandom(3, i));
    const search = new NucleusSearch({ topP: 0.9, maxTokens: 6, sep: 0, processors, randoms });
    await generate(new ToyDecoder(language, 5, 1), [search], [9]);
    for (const { tokens, logprob } of search.results()) {
      const said = tokens.length < 6 ? [...tokens, 0] : tokens;
      const expected = said.reduce(
        (sum, token, i) => sum + language(0, [9, ...said.slice(0, i)])[token],
        0,
      );
      expect(logprob).toBeCloseTo(expected, 4);
    }
  });
});

describe('seeded random numbers', () => {
  test('are uniform and differ by stream', () => {
    const bins = new Array<number>(20).fill(0);
    const random = seededRandom(2 ** 40 + 3, 7);
    for (let i = 0; i < 20_000; i++) bins[Math.floor(random() * 20)]++;
    expect(
      chiSquare(
        bins,
        bins.map(() => 1 / 20),
      ),
    ).toBeLessThan(chiSquareLimit(19));
    const first = (seed: number, stream: number) => seededRandom(seed, stream)();
    expect(new Set([first(1, 0), first(1, 1), first(2, 0), first(2 ** 32 + 1, 0)]).size).toBe(4);
  });
});
