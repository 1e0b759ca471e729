import { precisionOf, TakenPrecision } from '#shared/schemas/photos.ts';
import type { Store } from './store.ts';

/** What places a photo in the timeline. */
export interface TimelinePlace {
  readonly assetId: string;
  readonly takenSeconds: number;
  /** Null for an undated photo. */
  readonly takenText: string | null;
}

/**
 * Newest capture first and undated photos last. A month begins when its first day does: where times are equal,
 * what is known less precisely comes later. Else the order is that of ids.
 */
export function inTimeline(a: TimelinePlace, b: TimelinePlace): number {
  return (
    Number(a.takenText === null) - Number(b.takenText === null) ||
    b.takenSeconds - a.takenSeconds ||
    fineness(b.takenText) - fineness(a.takenText) ||
    (a.assetId < b.assetId ? -1 : 1)
  );
}

/** How precisely a time is known, as a number that grows with it. */
function fineness(takenText: string | null): number {
  const precision = precisionOf(takenText);
  return precision === null ? -1 : TakenPrecision.options.indexOf(precision);
}

/** The photos on show in the order of the timeline, by what was on show. */
const orders = new WeakMap<ReadonlyMap<string, unknown>, Promise<string[]>>();

/** The photos on show in the order of the timeline. */
export function timelineOrder(store: Store): Promise<readonly string[]> {
  const photos = store.photos();
  const known = orders.get(photos) ?? orderNow(store);
  orders.set(photos, known);
  return known;
}

async function orderNow(store: Store): Promise<string[]> {
  const columns = ['id', 'takenSeconds', 'takenText'] as const;
  const rows = await store.tables.contents.table.columns(columns);
  const contents = new Map(rows.map((row) => [row.id, row]));
  const places = [...store.photos().values()].flatMap(({ assetId, contentId }) => {
    const content = contents.get(contentId);
    return content === undefined ? [] : [{ ...content, assetId }];
  });
  return places.sort(inTimeline).map(({ assetId }) => assetId);
}
