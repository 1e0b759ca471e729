/** A candidate by its place in the collection, and its ITC cosine with the query. */
export interface Hit {
  readonly index: number;
  readonly cosine: number;
}

/** In percent: how many queries have a right answer among their first 1, 5 and 10. */
export interface Recall {
  readonly r1: number;
  readonly r5: number;
  readonly r10: number;
}

/** The length of list that {@link recall} looks at. */
export const recallDepth = 10;

/** Cosines of a unit vector with each of many: f32 `[rows.length]`. */
export function cosines(query: Float32Array, rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows, (row) => {
    let product = 0;
    for (let i = 0; i < query.length; i++) product += query[i] * row[i];
    return product;
  });
}

/** The `count` highest cosines, best first; equal ones in the order of the collection. */
export function shortlist(scores: Float32Array, count: number): Hit[] {
  return Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count)
    .map((index) => ({ index, cosine: scores[index] }));
}

/**
 * Orders the first `count` hits by match logit + weighted cosine; the others stay below them in ITC
 * order. BLIP section 5.1, `evaluation` of train_retrieval.py.
 */
export function rerank(
  hits: readonly Hit[],
  count: number,
  logitOf: (index: number) => number,
  cosineWeight: number,
): Hit[] {
  const scored = hits
    .slice(0, count)
    .map((hit) => ({ hit, score: logitOf(hit.index) + cosineWeight * hit.cosine }))
    .sort((a, b) => b.score - a.score);
  return [...scored.map(({ hit }) => hit), ...hits.slice(count)];
}

/**
 * Recall of ranked lists, one a query. A query counts once, however many right answers it has.
 *
 * @param isRight whether a candidate answers a query, both by index.
 */
export function recall(
  rankings: readonly (readonly Hit[])[],
  isRight: (query: number, candidate: number) => boolean,
): Recall {
  const places = rankings.map((hits, query) =>
    hits.findIndex(({ index }) => isRight(query, index)),
  );
  const within = (depth: number) => {
    const found = places.filter((place) => place >= 0 && place < depth).length;
    return (100 * found) / rankings.length;
  };
  return { r1: within(1), r5: within(5), r10: within(recallDepth) };
}
