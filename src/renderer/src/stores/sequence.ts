import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { PhotoId } from '#shared/schemas/photos.ts';

/** The photos that previous and next walk through, in the order of the view they were opened from. */
export const useSequence = defineStore('sequence', () => {
  const ids = shallowRef<readonly PhotoId[]>([]);

  function start(order: readonly PhotoId[]): void {
    ids.value = order;
  }

  /** The neighbour of a photo; null at either end, or for a photo that is not in the sequence. */
  function neighbour(id: PhotoId, step: 1 | -1): PhotoId | null {
    const at = ids.value.indexOf(id);
    return at < 0 ? null : (ids.value[at + step] ?? null);
  }

  return { ids, start, neighbour };
});
