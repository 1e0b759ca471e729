import { describe, expect, test } from 'vitest';
import { BeamSearch } from '#main/med/decoding/beam-search.ts';
import { generate } from '#main/med/decoding/generate.ts';
import { minLengthProcessor } from '#main/med/decoding/logits-processors.ts';
import { hashedLanguage, ToyDecoder, type ToyLanguage } from '../generation/toy-decoder.ts';

const SEP = 0;

interface Caption {
  tokens: number[];
  logprob: number;
  mean: number;
}

/** Every caption of a language, by enumeration. */
function allCaptions(language: ToyLanguage, photo: number, size: number, longest: number) {
  const captions: Caption[] = [];
  const visit = (tokens: number[], logprob: number) => {
    const next = language(photo, [9, ...tokens]);
    for (let token = 0; token < size; token++) {
      const total = logprob + next[token];
      const length = tokens.length + 1;
      if (token === SEP) captions.push({ tokens, logprob: total, mean: total / length });
      else if (length === longest) {
        captions.push({ tokens: [...tokens, token], logprob: total, mean: total / length });
      } else visit([...tokens, token], total);
    }
  };
  visit([], 0);
  return captions.sort((a, b) => b.mean - a.mean);
}

describe('beam search', () => {
  test.each([1, 2, 3, 4, 5])(
    'of full width finds the best of all captions, language %i',
    async (seed) => {
      const [size, longest, beams] = [4, 4, 200];
      const language = hashedLanguage(size, seed);
      const searches = [0, 1, 2].map(
        () => new BeamSearch({ beams, maxTokens: longest, sep: SEP, processors: [] }),
      );
      await generate(new ToyDecoder(language, size, 3), searches, [9]);
      searches.forEach((search, photo) => {
        const expected = allCaptions(language, photo, size, longest);
        const actual = search.results();
        expect(actual).toHaveLength(expected.length);
        expect(actual[0].tokens).toEqual(expected[0].tokens);
        expect(actual[0].logprob).toBeCloseTo(expected[0].logprob, 4);
      });
    },
  );

  test('with two beams, worked by hand', async () => {
    // Tokens: 0 [SEP], 1 a, 2 b. Probabilities after each prefix; rows not listed end at once.
    const table: Record<string, number[]> = {
      '': [0.1, 0.5, 0.4],
      '1': [0.2, 0.4, 0.4],
      '2': [0.9, 0.05, 0.05],
      '1,1': [0.5, 0.25, 0.25],
      '1,2': [0.6, 0.2, 0.2],
    };
    const language: ToyLanguage = (_, [, ...tokens]) =>
      (table[tokens.join()] ?? [0.98, 0.01, 0.01]).map(Math.log);
    const search = new BeamSearch({ beams: 2, maxTokens: 5, sep: SEP, processors: [] });
    await generate(new ToyDecoder(language, 3, 1), [search], [9]);
    // Step 1 keeps a (.5) and b (.4). Step 2: "b" ends with .36, mean log .36 / 2 = -0.511; a a and
    // a b run on with .2 each. Step 3: "a b" ends with .12, mean -0.707, and "a a" with .1, which
    // is -0.768. Two are finished, but "a a" at .1 came after "a b" and only two are kept. The best
    // running one, at .05, has mean -0.999: worse than both, so the search ends.
    const results = search.results();
    expect(results.map(({ tokens }) => tokens)).toEqual([[2], [1, 2]]);
    expect(results[0].logprob).toBeCloseTo(Math.log(0.36), 5);
    expect(results[1].logprob).toBeCloseTo(Math.log(0.12), 5);
  });

  test('a [SEP] ranked behind as many candidates as beams does not end a caption', async () => {
    const language: ToyLanguage = (_, tokens) =>
      (tokens.length === 1 ? [0.3, 0.4, 0.3 - 1e-3, 1e-3] : [1, 0, 0, 0].map((p) => p || 1e-9)).map(
        Math.log,
      );
    const search = new BeamSearch({ beams: 1, maxTokens: 5, sep: SEP, processors: [] });
    await generate(new ToyDecoder(language, 4, 1), [search], [9]);
    expect(search.results().map(({ tokens }) => tokens)).toEqual([[1]]);
  });

  test('reports what the model said, whatever the processors did', async () => {
    const language = hashedLanguage(5, 3);
    const processors = [minLengthProcessor(3, SEP)];
    const search = new BeamSearch({ beams: 3, maxTokens: 6, sep: SEP, processors });
    await generate(new ToyDecoder(language, 5, 1), [search], [9]);
    for (const { tokens, logprob } of search.results()) {
      expect(tokens.length).toBeGreaterThanOrEqual(3);
      const said = tokens.length < 6 ? [...tokens, SEP] : tokens;
      const expected = said.reduce(
        (sum, token, i) => sum + language(0, [9, ...said.slice(0, i)])[token],
        0,
      );
      expect(logprob).toBeCloseTo(expected, 4);
    }
  });
});
