import { describe, expect, test } from 'vitest';
import { seededRandom } from '#main/med/decoding/random.ts';
import { nucleusOf, placeOf } from '#main/med/graphs/nucleus.ts';
import { Graph } from '#main/onnx/graph.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import { floats, runGraph } from '../onnx/run-graph.ts';
import { chiSquare, chiSquareLimit } from './generation/chi-square.ts';

/** The tokens that the graph draws: one a row of probabilities. */
async function drawn(
  rows: readonly (readonly number[])[],
  topP: number,
  uniforms: readonly number[],
): Promise<number[]> {
  const words = rows[0].length;
  const graph = new Graph('nucleus');
  const probabilities = graph.input('probabilities', 'f32', ['rows', words]);
  const uniform = graph.input('uniform', 'f32', ['rows', 1]);
  const nucleus = nucleusOf(probabilities, graph.input('topP', 'f32', []), words);
  const place = placeOf(uniform, nucleus.reached, nucleus.mass);
  graph.output('token', gatherElements(nucleus.tokens, place));
  const { token } = await runGraph(graph, {
    probabilities: floats(rows.flat(), [rows.length, words]),
    uniform: floats(uniforms, [rows.length, 1]),
    topP: floats([topP], []),
  });
  return token.values;
}

function normalised(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The probability of what is likelier than a token, of that and the token, and of the nucleus. */
function placed(probabilities: readonly number[], topP: number, token: number) {
  const sorted = [...probabilities.entries()].toSorted(([, a], [, b]) => b - a);
  let [sum, mass, start, end] = [0, 0, 0, 0];
  for (const [other, probability] of sorted) {
    if (sum < topP) mass = sum + probability;
    if (other === token) [start, end] = [sum, sum + probability];
    sum += probability;
  }
  return { start, end, mass };
}

const few = [0.05, 0.4, 0.02, 0.25, 0.15, 0.1, 0.03];

describe('the nucleus in a graph', () => {
  test('is the smallest set that reaches p, drawn from in proportion', async () => {
    const random = seededRandom(11, 0);
    const uniforms = Array.from({ length: 20_000 }, random);
    const tokens = await drawn(Array(20_000).fill(few), 0.85, uniforms);
    const counts = few.map((_, token) => tokens.filter((one) => one === token).length);
    // 0.4 + 0.25 + 0.15 = 0.8 < 0.85, so 0.1 belongs to it too.
    const nucleus = [1, 3, 4, 5];
    expect(counts.filter((_, token) => !nucleus.includes(token))).toEqual([0, 0, 0]);
    const shares = nucleus.map((token) => few[token] / 0.9);
    const drawnOf = nucleus.map((token) => counts[token]);
    expect(chiSquare(drawnOf, shares)).toBeLessThan(chiSquareLimit(3));
  });

  test('has its edges where the sums of the likeliest say', async () => {
    const ends = [0, 0.4, 0.65, 0.8].map((sum) => sum / 0.9);
    const uniforms = ends.flatMap((end) => [end - 1e-4, end + 1e-4]).slice(1);
    const tokens = await drawn(Array(7).fill(few), 0.85, uniforms);
    expect(tokens).toEqual([1, 1, 3, 3, 4, 4, 5]);
  });

  test('never holds what cannot come, however large p and the number are', async () => {
    const almostOne = 1 - 2 ** -33;
    expect(await drawn([[0.5, 0, 0.5, 0]], 1, [almostOne])).toEqual([2]);
    expect(await drawn([[0, 0, 1]], 0.9, [almostOne])).toEqual([2]);
    expect(await drawn([few], 1e-6, [almostOne])).toEqual([1]);
    const equal = Array<number>(9).fill(1 / 9);
    expect(await drawn([equal, equal], 1e-9, [0, almostOne])).toEqual([0, 0]);
    expect(await drawn([equal, equal], 1, [0, almostOne])).toEqual([0, 8]);
  });

  test.each([
    ['steep', 8],
    ['gentle', 2],
    ['nearly flat', 0.01],
  ])('is the right one of 30,522 words: %s', async (_, steepness) => {
    const random = seededRandom(3, 0);
    const rows = Array.from({ length: 8 }, () =>
      normalised(Array.from({ length: 30_522 }, () => (random() + 1e-4) ** -steepness)),
    );
    for (const topP of [0.3, 0.9, 0.999]) {
      const uniforms = rows.map(() => random());
      const tokens = await drawn(rows, topP, uniforms);
      for (const [i, token] of tokens.entries()) {
        const { start, end, mass } = placed(rows[i], topP, token);
        // Sums of f32 stray from these of f64.
        expect(uniforms[i] * mass).toBeGreaterThan(start - 2e-5);
        expect(uniforms[i] * mass).toBeLessThan(end + 2e-5);
        expect(start).toBeLessThan(topP + 2e-5);
      }
    }
  });
});
