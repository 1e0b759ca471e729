import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Where the person was in a view, for coming back to it. */
export const usePlaces = defineStore('places', () => {
  /** Index of the photo at the top of the photo grid. */
  const topPhoto = ref(0);
  return { topPhoto };
});
