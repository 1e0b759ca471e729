import { expect, test } from 'vitest';
import { cosines, recall, rerank, shortlist } from '#main/evaluation/retrieval.ts';

test('cosines of unit vectors are dot products', () => {
  const rows = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(-0.6, 0.8)];
  const [first, second, third] = cosines(Float32Array.of(0.6, 0.8), rows);
  expect(first).toBeCloseTo(0.6, 6);
  expect(second).toBeCloseTo(0.8, 6);
  expect(third).toBeCloseTo(0.28, 6);
});

test('a shortlist has the highest first, equal ones in the order of the collection', () => {
  const hits = shortlist(Float32Array.of(0.25, 0.5, 0.75, 0.5), 3);
  expect(hits).toEqual([
    { index: 2, cosine: 0.75 },
    { index: 1, cosine: 0.5 },
    { index: 3, cosine: 0.5 },
  ]);
});

test('re-ranking orders by logit plus cosine and leaves the rest below', () => {
  const hits = shortlist(Float32Array.of(0.9, 0.8, 0.3, 0.2), 4);
  // Sums 1.0 + 0.9, 1.2 + 0.8, 1.65 + 0.3; the fourth has the best logit but is not re-ranked.
  const logits = [1, 1.2, 1.65, 99];
  const order = (weight: number) =>
    rerank(hits, 3, (index) => logits[index], weight).map(({ index }) => index);
  expect(order(1)).toEqual([1, 2, 0, 3]);
  // With three times the cosine 1.0 + 2.7, 1.2 + 2.4, 1.65 + 0.9.
  expect(order(3)).toEqual([0, 1, 2, 3]);
});

test('recall counts a query once when any right answer is near enough', () => {
  const list = (...indices: number[]) => indices.map((index) => ({ index, cosine: 0 }));
  const rankings = [
    list(7, 1, 2), // Right answers at places 1 and 2: a hit from 1 on.
    list(9, 9, 9, 9, 7), // Place 5.
    list(9, 9, 9, 9, 9, 7), // Place 6.
    list(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 7), // Place 11: too far for any.
  ];
  const isRight = (_query: number, candidate: number) => candidate === 7 || candidate === 1;
  expect(recall(rankings, isRight)).toEqual({ r1: 25, r5: 50, r10: 75 });
});
