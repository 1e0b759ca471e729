import { providerTable } from '#main/runtime/provider-table.ts';
import type { Provider } from '#shared/schemas/model.ts';
import { searchInOneRun } from './beam-run.ts';
import type { SearchPlan } from './decoding.ts';
import type { CaptionSearch } from './caption-search.ts';
import type { ModelGraphs } from '../model/model-graphs.ts';
import type { CaptionBatch } from './run-feeds.ts';
import { sampleInOneRun } from './sample-run.ts';

/**
 * Whether a provider takes a whole search as one run of a graph. One that keeps outputs in its
 * memory takes a step a run; for any other, a step would carry what the decoder sees of the photos
 * across the bus with every token.
 *
 * @param words tokens of the vocabulary: a search of nearly as many beams needs its steps in hand
 */
export function canDecodeInOneRun(provider: Provider, search: SearchPlan, words: number): boolean {
  if (providerTable[provider].keepsOutputs) return false;
  return search.by === 'samples' || search.plan.candidates <= words;
}

/** Runs a search for each photo, all in one run of a graph, and gives them back done. */
export async function decodeInOneRun(
  graphs: ModelGraphs,
  batch: CaptionBatch,
  search: SearchPlan,
): Promise<CaptionSearch[]> {
  const [photos] = batch.patches.dims;
  switch (search.by) {
    case 'beams': {
      const searches = Array.from({ length: photos }, search.makeSearch);
      await searchInOneRun(graphs, batch, search.plan, searches);
      return searches;
    }
    case 'samples': {
      const searches = Array.from({ length: photos }, search.makeSearch);
      await sampleInOneRun(graphs, batch, search.plan, searches);
      return searches;
    }
  }
}
