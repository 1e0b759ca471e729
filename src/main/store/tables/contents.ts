import { flag, int, nullable, number, text, texts } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable, type CommitListener } from '../stored-table.ts';

export const contentsDeclaration = declareTable(
  'contents',
  'id',
  {
    /** First 32 hex digits of the SHA-256 of the bytes. */
    id: text(),
    assetId: text(),
    /** What vectors, thumbnails and machine captions go by: contents with the same pixels share it. */
    pictureId: text(),
    /** First 32 hex digits of the SHA-256 of the decoded pixels; null until they were read. */
    pixels: nullable(text()),
    /** Whether what the file says of itself was read; else it is read again. */
    metadataRead: flag(),
    /** How it was read: where Medley reads more by now, it is read again. */
    metadataVersion: int({ since: 4, before: 0 }),
    /** `jpeg`, `png`, `webp`, `avif`, `tiff` or `gif`. */
    format: text(),
    bytes: number(),
    /** Pixels, after orientation. */
    width: int(),
    height: int(),
    /** Average colour, 0xRRGGBB. */
    colour: int(),
    /** Seconds since 1970 of the capture (or file) time, local to the camera; the first of a month or year. */
    takenSeconds: number(),
    /** ISO 8601 local time as precise as it is known, as `1978-05`; null when nothing says. */
    takenText: nullable(text()),
    /** What says so: a field by exiftool's name, `Takeout:photoTakenTime`, or `FileName`. */
    takenSource: nullable(text({ since: 4 })),
    camera: nullable(text()),
    lens: nullable(text()),
    exposure: nullable(text()),
    /** Decimal degrees, WGS 84. */
    latitude: nullable(number()),
    longitude: nullable(number()),
    keywords: texts(),
    /** What a person should know of how it was read, in plain sentences. */
    notices: texts({ since: 4, before: [] }),
    /** ISO 8601. */
    addedAt: text(),
  },
  ['assetId'],
);

/** The bytes of a photo at one time, with what they show and say; whatever files hold them. */
export type ContentRow = RowOf<typeof contentsDeclaration>;

const known = [
  'id',
  'assetId',
  'pictureId',
  'pixels',
  'metadataRead',
  'metadataVersion',
  'width',
  'height',
  'colour',
  'takenSeconds',
  'takenText',
  'addedAt',
] as const;
/** What is held in memory of every content: what the grid and search results show of it among others. */
export type KnownContent = Pick<ContentRow, (typeof known)[number]>;

/** Every content ever imported. */
export class ContentTable {
  readonly table: StoredTable<ContentRow>;
  readonly #byId = new Map<string, KnownContent>();
  readonly #byAsset = new Map<string, Set<string>>();
  readonly #assetByPicture = new Map<string, string>();
  readonly #pictureByPixels = new Map<string, string>();

  private constructor(table: StoredTable<ContentRow>) {
    this.table = table;
  }

  static async open(
    database: Database,
    onCommit: CommitListener<ContentRow>,
  ): Promise<ContentTable> {
    const table = await StoredTable.open(database, contentsDeclaration, onCommit);
    const contents = new ContentTable(table);
    for (const row of await table.columns(known)) contents.#remember(row);
    return contents;
  }

  get(id: string): KnownContent | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<KnownContent> {
    return this.#byId.values();
  }

  /** The contents an asset has had. */
  ofAsset(assetId: string): KnownContent[] {
    const ids = this.#byAsset.get(assetId) ?? [];
    return Array.from(ids, (id) => this.#byId.get(id)).filter((each) => each !== undefined);
  }

  assetOfPicture(pictureId: string): string | undefined {
    return this.#assetByPicture.get(pictureId);
  }

  /** The picture that these pixels are known as. */
  pictureOf(pixels: string): string | undefined {
    return this.#pictureByPixels.get(pixels);
  }

  /** Pictures by the hash of their pixels. */
  pictures(): ReadonlyMap<string, string> {
    return this.#pictureByPixels;
  }

  /** Inserts or replaces contents, as one commit. */
  async put(rows: readonly ContentRow[]): Promise<void> {
    const known = ({ id }: ContentRow) => this.#byId.has(id);
    await this.table.put(rows, known, (put) => {
      for (const row of put) this.#remember(row);
    });
  }

  /** Whole rows of these ids, by id; unknown ids are left out. */
  async rows(ids: readonly string[]): Promise<Map<string, ContentRow>> {
    const rows = await this.table.find('id', ids);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** What a person should know of how contents were read, by content; most need not be told of. */
  async notices(): Promise<Map<string, readonly string[]>> {
    const rows = await this.table.columns(['id', 'notices']);
    return new Map(rows.flatMap(({ id, notices }) => (notices.length > 0 ? [[id, notices]] : [])));
  }

  #remember(row: KnownContent): void {
    const { id, assetId, pictureId, pixels } = row;
    this.#byId.set(id, knownOf(row));
    this.#assetByPicture.set(pictureId, assetId);
    if (pixels !== null) this.#pictureByPixels.set(pixels, pictureId);
    const ids = this.#byAsset.get(assetId) ?? new Set<string>();
    this.#byAsset.set(assetId, ids.add(id));
  }
}

/** A row without the rest of it. */
function knownOf({
  id,
  assetId,
  pictureId,
  pixels,
  metadataRead,
  metadataVersion,
  width,
  height,
  colour,
  takenSeconds,
  takenText,
  addedAt,
}: KnownContent): KnownContent {
  return {
    id,
    assetId,
    pictureId,
    pixels,
    metadataRead,
    metadataVersion,
    width,
    height,
    colour,
    takenSeconds,
    takenText,
    addedAt,
  };
}
