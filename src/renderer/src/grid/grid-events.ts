import { move } from './grid-navigation.ts';

/** The index of the photo an event happened on, by its cell's `data-index`; null beside one. */
export function photoIndexOf(event: Event): number | null {
  const target = event.target instanceof Element ? event.target.closest('[data-index]') : null;
  return target instanceof HTMLElement ? Number(target.dataset['index']) : null;
}

/** Where a key moves the focus to, and then nowhere else; null for keys that do not move it. */
export function moveByKey(
  event: KeyboardEvent,
  from: number,
  grid: Parameters<typeof move>[2],
): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = move(event.key, from, grid);
  if (target !== null) event.preventDefault();
  return target;
}
