import type { BenchSearchResult, Latency } from '#main/evaluation/bench-search.ts';
import { formatBytes } from '#shared/format-bytes.ts';

/** Figures of searching for a person: a column for each size of library. */
export function describeSearchBench({ sizes, peakBytes }: BenchSearchResult): string {
  const ms = ({ p50, p95 }: Latency) => `${p50.toFixed(0)} / ${p95.toFixed(0)} ms`;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const row = (name: string, of: (size: BenchSearchResult['sizes'][number]) => string) =>
    name.padEnd(24) + sizes.map((size) => of(size).padStart(16)).join('');
  return [
    row('photos', ({ photos }) => photos.toLocaleString('en')),
    row('nearest, each looked at', ({ exact }) => ms(exact)),
    row('the same, filtered', ({ exactFiltered }) => ms(exactFiltered)),
    row('nearest, by index', ({ indexed }) => ms(indexed)),
    row('the same, filtered', ({ indexedFiltered }) => ms(indexedFiltered)),
    row('recall of the index', ({ recall }) => percent(recall)),
    row('the same, filtered', ({ recallFiltered }) => percent(recallFiltered)),
    row('three words', ({ words }) => ms(words)),
    row('building the index', ({ indexSeconds }) => seconds(indexSeconds)),
    row('writing all words', ({ wordsSeconds }) => seconds(wordsSeconds)),
    row('vectors on disk', ({ vectorBytes }) => formatBytes(vectorBytes)),
    row('their index', ({ indexBytes }) => formatBytes(indexBytes)),
    row('words on disk', ({ wordsBytes }) => formatBytes(wordsBytes)),
    `Medians and 95th percentiles. Memory: ${formatBytes(peakBytes)} at most.`,
  ].join('\n');
}
