import { CaptionOrigin, Decoding } from '#shared/schemas/photos.ts';
import { int, json, nullable, text, texts, word } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable, type CommitListener } from '../stored-table.ts';

export const captionsDeclaration = declareTable(
  'captions',
  'id',
  {
    id: text(),
    assetId: text(),
    /** The picture that a machine's caption describes; null for every other one. */
    pictureId: nullable(text()),
    text: text(),
    origin: word(CaptionOrigin),
    /** For an imported caption, the field it came from, as `XMP-dc:Description`. */
    field: nullable(text()),
    /** The observations that say an imported caption. */
    observationIds: texts(),
    /** Of an imported caption, its place in the order in which Medley trusts what a photo says; else 0. */
    rank: int({ since: 4, before: 0 }),
    /** The model that wrote it: of a machine's caption, and of an imported one that is a machine's text. */
    modelId: nullable(text()),
    decoding: nullable(json(Decoding)),
    /** ISO 8601. */
    createdAt: text(),
  },
  ['assetId'],
);

/** A caption and where it comes from. What is thought of it lies in tables of their own. */
export type CaptionRow = RowOf<typeof captionsDeclaration>;

const known = [
  'id',
  'assetId',
  'pictureId',
  'origin',
  'observationIds',
  'modelId',
  'decoding',
] as const;
/** What is held in memory of every caption. */
export type KnownCaption = Pick<CaptionRow, (typeof known)[number]>;

const said = ['id', 'text', 'field', 'rank', 'createdAt'] as const;
/** What is not. */
export type SaidCaption = Pick<CaptionRow, (typeof said)[number]>;

/** Captions of every origin; a text is never changed, only added. */
export class CaptionTable {
  readonly table: StoredTable<CaptionRow>;
  readonly #byAsset = new Map<string, Map<string, KnownCaption>>();
  readonly #picturesByModel = new Map<string, Set<string>>();

  private constructor(table: StoredTable<CaptionRow>) {
    this.table = table;
  }

  static async open(
    database: Database,
    onCommit: CommitListener<CaptionRow>,
  ): Promise<CaptionTable> {
    const table = await StoredTable.open(database, captionsDeclaration, onCommit);
    const captions = new CaptionTable(table);
    for (const row of await table.columns(known)) captions.#remember(row);
    return captions;
  }

  /** The pictures that this model has captioned. */
  captionedBy(modelId: string): ReadonlySet<string> {
    return this.#picturesByModel.get(modelId) ?? new Set();
  }

  /** The models that have written captions. */
  modelIds(): string[] {
    return [...this.#picturesByModel.keys()];
  }

  /** What is known of an asset's captions. */
  known(assetId: string): KnownCaption[] {
    return [...(this.#byAsset.get(assetId)?.values() ?? [])];
  }

  has({ assetId, id }: Pick<CaptionRow, 'assetId' | 'id'>): boolean {
    return this.#byAsset.get(assetId)?.has(id) ?? false;
  }

  /** Appends the captions that are not there yet (by id), as one commit. */
  async append(rows: readonly CaptionRow[]): Promise<void> {
    const choose = () => {
      const unknown = rows.filter((row) => !this.has(row));
      return [...new Map(unknown.map((row) => [row.id, row])).values()];
    };
    await this.table.append(choose, (added) => {
      for (const row of added) this.#remember(row);
    });
  }

  /** Inserts or replaces captions, as when another observation says the same. */
  async put(rows: readonly CaptionRow[]): Promise<void> {
    const known = (row: CaptionRow) => this.has(row);
    await this.table.put(rows, known, (put) => {
      for (const row of put) this.#remember(row);
    });
  }

  async of(assetIds: readonly string[]): Promise<CaptionRow[]> {
    return await this.table.find('assetId', assetIds);
  }

  /** What captions say and where, by their ids. */
  async said(ids: readonly string[]): Promise<Map<string, SaidCaption>> {
    const rows = await this.table.find('id', ids, said);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Texts by the ids of their captions. */
  async texts(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.table.find('id', ids, ['id', 'text']);
    return new Map(rows.map(({ id, text }) => [id, text]));
  }

  #remember(caption: KnownCaption): void {
    const { id, assetId, pictureId, origin, observationIds, modelId, decoding } = caption;
    const captions = this.#byAsset.get(assetId) ?? new Map<string, KnownCaption>();
    captions.set(id, { id, assetId, pictureId, origin, observationIds, modelId, decoding });
    this.#byAsset.set(assetId, captions);
    if (modelId === null || pictureId === null) return;
    const pictures = this.#picturesByModel.get(modelId) ?? new Set<string>();
    this.#picturesByModel.set(modelId, pictures.add(pictureId));
  }
}
