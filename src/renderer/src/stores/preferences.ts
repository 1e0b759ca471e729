import { defaultWindow, useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Heights that rows of photos aim at, in pixels. */
const rowHeights = [120, 170, 230, 320] as const;

/** In windows narrower than this the information panel would cover the photo. */
const roomyWidth = 1000;

/** How the window looks; kept in this browser. */
export const usePreferences = defineStore('preferences', () => {
  const theme = useLocalStorage<Theme>('medley.theme', 'system');
  const rowHeight = useLocalStorage<number>('medley.row-height', 230);
  const railOpen = useLocalStorage('medley.rail-open', true);
  const infoOpen = useLocalStorage(
    'medley.info-open',
    (defaultWindow?.innerWidth ?? 0) >= roomyWidth,
  );

  /** Makes photos larger (1) or smaller (-1) by one step. */
  function zoom(step: 1 | -1): void {
    const at = rowHeights.findIndex((height) => height >= rowHeight.value);
    const next = Math.min(rowHeights.length - 1, Math.max(0, at + step));
    rowHeight.value = rowHeights[next];
  }

  return { theme, rowHeight, railOpen, infoOpen, zoom };
});
