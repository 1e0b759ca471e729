import { sqlIn } from './sql-text.ts';
import type { Store } from './store.ts';
import type { VectorTable } from './tables/vectors.ts';

/** A photo found near a vector. */
export interface Neighbour {
  readonly assetId: string;
  /** Cosine similarity, in [-1, 1]. */
  readonly cosine: number;
}

/**
 * Pictures that a query may name: of 100,000 vectors, 3,000 from all over the table take 62 ms and 10,000 take
 * 478 ms, while the nearest 10,000 of all take 157 ms.
 */
const mostNamed = 3_000;

/**
 * The `limit` photos that are nearest to `vector`, nearest first. Only vectors of photos that count are looked
 * at where they, or those that do not count, are few enough to be named. Else as many more are taken as it
 * needs, which gives the same.
 *
 * @param among the photos that count; null for all on show
 */
export async function nearestPhotos(
  store: Store,
  vectors: VectorTable,
  vector: Float32Array,
  limit: number,
  among: ReadonlySet<string> | null,
): Promise<Neighbour[]> {
  const counts = (assetId: string) => among?.has(assetId) ?? true;
  const asNeighbours = (found: readonly { pictureId: string; cosine: number }[]) =>
    found.flatMap(({ pictureId, cosine }) => {
      const photo = store.photoOfPicture(pictureId);
      return photo === undefined || !counts(photo.assetId)
        ? []
        : [{ assetId: photo.assetId, cosine }];
    });
  const pictures = vectors.pictureIds();
  if (among !== null && among.size <= mostNamed) {
    const counting = [...among].flatMap((id) => store.photos().get(id)?.pictureId ?? []);
    if (counting.length === 0) return [];
    return asNeighbours(await vectors.nearest(vector, limit, sqlIn('pictureId', counting)));
  }
  const others = hiddenPictures(store, vectors);
  if (among !== null) {
    for (const { assetId, pictureId } of store.photos().values()) {
      if (!among.has(assetId) && pictures.has(pictureId)) others.push(pictureId);
    }
  }
  if (others.length === 0) return asNeighbours(await vectors.nearest(vector, limit));
  if (others.length <= mostNamed) {
    const condition = `NOT ${sqlIn('pictureId', others)}`;
    return asNeighbours(await vectors.nearest(vector, limit, condition));
  }
  const share = Math.max(1, pictures.size - others.length) / pictures.size;
  for (let k = Math.ceil((1.2 * limit) / share); ; k *= 2) {
    const found = asNeighbours(await vectors.nearest(vector, Math.min(k, pictures.size)));
    if (found.length >= limit || k >= pictures.size) return found.slice(0, limit);
  }
}

/** The pictures with a vector that no photo on show has, by what was on show. */
const hiddenOf = new WeakMap<ReadonlyMap<string, unknown>, HiddenPictures>();

interface HiddenPictures {
  readonly vectors: VectorTable;
  /** How many vectors there were. */
  readonly count: number;
  readonly hidden: readonly string[];
}

function hiddenPictures(store: Store, vectors: VectorTable): string[] {
  const pictures = vectors.pictureIds();
  const known = hiddenOf.get(store.photos());
  if (known?.vectors === vectors && known.count === pictures.size) return [...known.hidden];
  const hidden = [...pictures].filter((id) => store.photoOfPicture(id) === undefined);
  hiddenOf.set(store.photos(), { vectors, count: pictures.size, hidden });
  return hidden;
}
