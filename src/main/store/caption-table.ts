import type { Connection } from '@lancedb/lancedb';
import { Bool, Field, Float64, Schema, Utf8 } from 'apache-arrow';
import type { Table as ArrowTable } from 'apache-arrow';
import { CaptionOrigin, Decoding } from '#shared/schemas/photos.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import {
  booleanColumn,
  nullableNumberColumn,
  nullableStringColumn,
  stringColumn,
} from './arrow-columns.ts';
import { sqlIn } from './sql-text.ts';
import { StoredTable } from './stored-table.ts';

/** A caption with its provenance, and the photo it is of. */
export type CaptionRow = Caption & { readonly photoId: string };

const schema = new Schema([
  new Field('id', new Utf8(), false),
  new Field('photoId', new Utf8(), false),
  new Field('text', new Utf8(), false),
  new Field('origin', new Utf8(), false),
  new Field('field', new Utf8(), true),
  new Field('modelId', new Utf8(), true),
  new Field('decoding', new Utf8(), true),
  new Field('itm', new Float64(), true),
  new Field('itmModelId', new Utf8(), true),
  new Field('createdAt', new Utf8(), false),
  new Field('confirmed', new Bool(), false),
]);
const columns = schema.names.map(String);

export function encodeCaption(row: CaptionRow): Record<string, unknown> {
  return { ...row, decoding: row.decoding === null ? null : JSON.stringify(row.decoding) };
}

export function decodeCaptions(table: ArrowTable): CaptionRow[] {
  const photoIds = stringColumn(table, 'photoId');
  const texts = stringColumn(table, 'text');
  const origins = stringColumn(table, 'origin');
  const fields = nullableStringColumn(table, 'field');
  const modelIds = nullableStringColumn(table, 'modelId');
  const decodings = nullableStringColumn(table, 'decoding');
  const itms = nullableNumberColumn(table, 'itm');
  const itmModelIds = nullableStringColumn(table, 'itmModelId');
  const createdAts = stringColumn(table, 'createdAt');
  const confirmed = booleanColumn(table, 'confirmed');
  return stringColumn(table, 'id').map((id, i) => {
    const decoding = decodings[i];
    return {
      id,
      photoId: photoIds[i],
      text: texts[i],
      origin: CaptionOrigin.parse(origins[i]),
      field: fields[i],
      modelId: modelIds[i],
      decoding: decoding === null ? null : Decoding.parse(JSON.parse(decoding)),
      itm: itms[i],
      itmModelId: itmModelIds[i],
      createdAt: createdAts[i],
      confirmed: confirmed[i],
    };
  });
}

/** A confirmed caption first, then a person's, an imported one, a machine's; newest among equals. */
export function byTrust(a: Caption, b: Caption): number {
  return (
    Number(b.confirmed) - Number(a.confirmed) ||
    CaptionOrigin.options.indexOf(a.origin) - CaptionOrigin.options.indexOf(b.origin) ||
    compare(b.createdAt, a.createdAt) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Captions of every origin. Once written, only their scores change. */
export class CaptionTable {
  readonly #table: StoredTable;
  /** What scored each caption, by photo and caption. */
  readonly #scorers = new Map<string, Map<string, string | null>>();
  readonly #photosByModel = new Map<string, Set<string>>();

  private constructor(table: StoredTable) {
    this.#table = table;
  }

  static async open(database: Connection): Promise<CaptionTable> {
    const table = await StoredTable.open(database, 'captions', schema, 'photoId');
    const captions = new CaptionTable(table);
    const known = await table.read({ columns: ['id', 'photoId', 'modelId', 'itmModelId'] });
    const photoIds = stringColumn(known, 'photoId');
    const modelIds = nullableStringColumn(known, 'modelId');
    const itmModelIds = nullableStringColumn(known, 'itmModelId');
    stringColumn(known, 'id').forEach((id, i) => {
      captions.#remember({
        id,
        photoId: photoIds[i],
        modelId: modelIds[i],
        itmModelId: itmModelIds[i],
      });
    });
    return captions;
  }

  /** Ids of the photos that this model has captioned. */
  captionedBy(modelId: string): ReadonlySet<string> {
    return this.#photosByModel.get(modelId) ?? new Set();
  }

  /** Whether some caption of this photo has no score by this model. */
  awaitsScore(photoId: string, modelId: string): boolean {
    const scorers = [...(this.#scorers.get(photoId)?.values() ?? [])];
    return scorers.some((scorer) => scorer !== modelId);
  }

  /** Appends the captions that are not there yet (by id), as one commit. */
  async append(rows: readonly CaptionRow[]): Promise<void> {
    let fresh: CaptionRow[] = [];
    const choose = () => {
      const unknown = rows.filter((row) => !this.#knows(row));
      fresh = [...new Map(unknown.map((row) => [row.id, row])).values()];
      return fresh.map(encodeCaption);
    };
    await this.#table.append(choose, () => {
      for (const row of fresh) this.#remember(row);
    });
  }

  /** Replaces captions that are there already (by id), as when they are scored, as one commit. */
  async replace(rows: readonly CaptionRow[]): Promise<void> {
    const known = rows.filter((row) => this.#knows(row));
    await this.#table.upsert('id', known.map(encodeCaption), () => {
      for (const row of known) this.#remember(row);
    });
  }

  /** Captions by photo, the most trusted first; photos without one are left out. */
  async of(photoIds: readonly string[]): Promise<Map<string, CaptionRow[]>> {
    if (photoIds.length === 0) return new Map();
    const table = await this.#table.read({ columns, where: sqlIn('photoId', photoIds) });
    return Map.groupBy(decodeCaptions(table).sort(byTrust), (row) => row.photoId);
  }

  async optimize(exclusively: boolean): Promise<void> {
    await this.#table.optimize(exclusively);
  }

  async close(): Promise<void> {
    await this.#table.close();
  }

  #knows({ photoId, id }: CaptionRow): boolean {
    return this.#scorers.get(photoId)?.has(id) ?? false;
  }

  #remember(row: Pick<CaptionRow, 'id' | 'photoId' | 'modelId' | 'itmModelId'>): void {
    const scorers = this.#scorers.get(row.photoId) ?? new Map<string, string | null>();
    this.#scorers.set(row.photoId, scorers.set(row.id, row.itmModelId));
    if (row.modelId === null) return;
    const photos = this.#photosByModel.get(row.modelId);
    if (photos === undefined) this.#photosByModel.set(row.modelId, new Set([row.photoId]));
    else photos.add(row.photoId);
  }
}
