import { precisionOf, TakenPrecision } from '#shared/schemas/photos.ts';
import type { Store } from './store.ts';
import type { KnownContent } from './tables/contents.ts';

/** A photo on show in its timeline. */
export interface TimelinePhoto {
  readonly assetId: string;
  /** What it shows. */
  readonly content: KnownContent;
}

/** The photos on show in the order of the timeline, by what was on show. */
const orders = new WeakMap<ReadonlyMap<string, unknown>, readonly TimelinePhoto[]>();

/**
 * The photos on show, newest capture first and undated ones last. A month begins when its first day does: where
 * times are equal, what is known less precisely comes later. Else the order is that of ids.
 */
export function timelineOrder(store: Store): readonly TimelinePhoto[] {
  const photos = store.photos();
  const known = orders.get(photos) ?? orderNow(store);
  orders.set(photos, known);
  return known;
}

function orderNow(store: Store): TimelinePhoto[] {
  const places = [...store.photos().values()].flatMap(({ assetId, contentId }) => {
    const content = store.tables.contents.get(contentId);
    return content === undefined ? [] : [{ assetId, content }];
  });
  return places.sort(inTimeline);
}

function inTimeline(a: TimelinePhoto, b: TimelinePhoto): number {
  const [one, other] = [a.content, b.content];
  return (
    Number(one.takenText === null) - Number(other.takenText === null) ||
    other.takenSeconds - one.takenSeconds ||
    fineness(other.takenText) - fineness(one.takenText) ||
    (a.assetId < b.assetId ? -1 : 1)
  );
}

/** How precisely a time is known, as a number that grows with it. */
function fineness(takenText: string | null): number {
  const precision = precisionOf(takenText);
  return precision === null ? -1 : TakenPrecision.options.indexOf(precision);
}
