import type { BenchSearchResult, Latency, SearchFigures } from '#main/evaluation/bench-search.ts';
import { formatBytes } from '#shared/format-bytes.ts';

/** Figures of searching a library of one size, for a person. */
export function describeSearchFigures(size: SearchFigures): string {
  const ms = ({ p50, p95 }: Latency) => `${p50.toFixed(0)} / ${p95.toFixed(0)} ms`;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['nearest, each looked at', ms(size.exact)],
    ['the same, filtered', ms(size.exactFiltered)],
    ['nearest, by index', ms(size.indexed)],
    ['the same, filtered', ms(size.indexedFiltered)],
    ['recall of the index', percent(size.recall)],
    ['the same, filtered', percent(size.recallFiltered)],
    ['three words', ms(size.words)],
    ['building the index', seconds(size.indexSeconds)],
    ['writing all words', seconds(size.wordsSeconds)],
    ['vectors on disk', formatBytes(size.vectorBytes)],
    ['their index', formatBytes(size.indexBytes)],
    ['words on disk', formatBytes(size.wordsBytes)],
  ];
  return [
    `${size.photos.toLocaleString('en')} photos`,
    ...rows.map(([name, value]) => `  ${name.padEnd(24)}${value.padStart(16)}`),
  ].join('\n');
}

/** What is said of all sizes together. */
export function describeSearchBench({ peakBytes }: BenchSearchResult): string {
  return `Medians and 95th percentiles. Memory: ${formatBytes(peakBytes)} at most.`;
}
