import type { Connection } from '@lancedb/lancedb';
import { Field, Float64, Int32, List, Schema, Utf8 } from 'apache-arrow';
import type { Table as ArrowTable } from 'apache-arrow';
import {
  nullableNumberColumn,
  nullableStringColumn,
  numberColumn,
  stringColumn,
  stringListColumn,
} from './arrow-columns.ts';
import { sqlIn } from './sql-text.ts';
import { StoredTable } from './stored-table.ts';

/** What is known of one picture, whatever files hold its bytes. */
export interface PhotoRow {
  /** First 32 hex digits of the SHA-256 of its bytes. */
  readonly id: string;
  /** `jpeg`, `png`, `webp`, `avif`, `tiff` or `gif`. */
  readonly format: string;
  readonly bytes: number;
  /** Pixels, after orientation. */
  readonly width: number;
  readonly height: number;
  /** Seconds since 1970 of the capture (or file) time, local to the camera. */
  readonly takenSeconds: number;
  /** ISO 8601 local time from the metadata; null when the file does not say. */
  readonly takenText: string | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly exposure: string | null;
  /** Decimal degrees, WGS 84. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly keywords: readonly string[];
  /** Average colour, 0xRRGGBB. */
  readonly colour: number;
  /** ISO 8601. */
  readonly addedAt: string;
}

/** What the grid needs of every photo, as parallel columns. */
export interface PhotoColumns {
  readonly ids: string[];
  readonly widths: number[];
  readonly heights: number[];
  readonly taken: number[];
  readonly colours: number[];
}

const schema = new Schema([
  new Field('id', new Utf8(), false),
  new Field('format', new Utf8(), false),
  new Field('bytes', new Float64(), false),
  new Field('width', new Int32(), false),
  new Field('height', new Int32(), false),
  new Field('takenSeconds', new Float64(), false),
  new Field('takenText', new Utf8(), true),
  new Field('camera', new Utf8(), true),
  new Field('lens', new Utf8(), true),
  new Field('exposure', new Utf8(), true),
  new Field('latitude', new Float64(), true),
  new Field('longitude', new Float64(), true),
  new Field('keywords', new List(new Field('item', new Utf8(), true)), false),
  new Field('colour', new Int32(), false),
  new Field('addedAt', new Utf8(), false),
]);
const columns = schema.names.map(String);

export function encodePhoto(row: PhotoRow): Record<string, unknown> {
  return { ...row, keywords: [...row.keywords] };
}

export function decodePhotos(table: ArrowTable): PhotoRow[] {
  const formats = stringColumn(table, 'format');
  const bytes = numberColumn(table, 'bytes');
  const widths = numberColumn(table, 'width');
  const heights = numberColumn(table, 'height');
  const takenSeconds = numberColumn(table, 'takenSeconds');
  const takenTexts = nullableStringColumn(table, 'takenText');
  const cameras = nullableStringColumn(table, 'camera');
  const lenses = nullableStringColumn(table, 'lens');
  const exposures = nullableStringColumn(table, 'exposure');
  const latitudes = nullableNumberColumn(table, 'latitude');
  const longitudes = nullableNumberColumn(table, 'longitude');
  const keywords = stringListColumn(table, 'keywords');
  const colours = numberColumn(table, 'colour');
  const addedAts = stringColumn(table, 'addedAt');
  return stringColumn(table, 'id').map((id, i) => ({
    id,
    format: formats[i],
    bytes: bytes[i],
    width: widths[i],
    height: heights[i],
    takenSeconds: takenSeconds[i],
    takenText: takenTexts[i],
    camera: cameras[i],
    lens: lenses[i],
    exposure: exposures[i],
    latitude: latitudes[i],
    longitude: longitudes[i],
    keywords: keywords[i],
    colour: colours[i],
    addedAt: addedAts[i],
  }));
}

/** One row a picture, appended once its thumbnail is on disk; never changed. */
export class PhotoTable {
  readonly #table: StoredTable;
  readonly #ids: Set<string>;

  private constructor(table: StoredTable, ids: Set<string>) {
    this.#table = table;
    this.#ids = ids;
  }

  static async open(database: Connection): Promise<PhotoTable> {
    const table = await StoredTable.open(database, 'photos', schema, 'id');
    const ids = new Set(stringColumn(await table.read({ columns: ['id'] }), 'id'));
    return new PhotoTable(table, ids);
  }

  /** The ids of all photos. */
  ids(): string[] {
    return [...this.#ids];
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Photos ever imported, those without a file included. */
  get count(): number {
    return this.#ids.size;
  }

  /** Appends the photos that are not there yet, as one commit. */
  async append(rows: readonly PhotoRow[]): Promise<void> {
    let fresh: PhotoRow[] = [];
    const choose = () => {
      const unknown = rows.filter((row) => !this.#ids.has(row.id));
      fresh = [...new Map(unknown.map((row) => [row.id, row])).values()];
      return fresh.map(encodePhoto);
    };
    await this.#table.append(choose, () => {
      for (const row of fresh) this.#ids.add(row.id);
    });
  }

  /** Rows of these ids, by id; unknown ids are left out. */
  async get(ids: readonly string[]): Promise<Map<string, PhotoRow>> {
    if (ids.length === 0) return new Map();
    const table = await this.#table.read({ columns, where: sqlIn('id', ids) });
    return new Map(decodePhotos(table).map((row) => [row.id, row]));
  }

  /** The grid's columns of every photo, in no particular order. */
  async columns(): Promise<PhotoColumns> {
    const table = await this.#table.read({
      columns: ['id', 'width', 'height', 'takenSeconds', 'colour'],
    });
    return {
      ids: stringColumn(table, 'id'),
      widths: numberColumn(table, 'width'),
      heights: numberColumn(table, 'height'),
      taken: numberColumn(table, 'takenSeconds'),
      colours: numberColumn(table, 'colour'),
    };
  }

  async optimize(exclusively: boolean): Promise<void> {
    await this.#table.optimize(exclusively);
  }

  async close(): Promise<void> {
    await this.#table.close();
  }
}
