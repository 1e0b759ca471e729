import { createHash } from 'node:crypto';
import type { Connection } from '@lancedb/lancedb';
import { Field, FixedSizeList, Float32, Schema, Utf8 } from 'apache-arrow';
import { MedleyError } from '#shared/errors.ts';
import { numberColumn, stringColumn, vectorColumn } from './arrow-columns.ts';
import { sqlIn } from './sql-text.ts';
import { StoredTable } from './stored-table.ts';

export interface VectorRow {
  readonly photoId: string;
  /** Unit ITC embedding. */
  readonly vector: Float32Array;
}

export interface Neighbour {
  readonly photoId: string;
  /** Cosine similarity, in [-1, 1]. */
  readonly cosine: number;
}

/** A table name LanceDB accepts, readable and different for every model id. */
export function vectorTableName(modelId: string): string {
  const readable = modelId.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 60);
  const hash = createHash('sha256').update(modelId).digest('hex').slice(0, 12);
  return `vectors_${readable}_${hash}`;
}

/** The ITC embeddings that one model made, searched exactly. */
export class VectorTable {
  readonly #table: StoredTable;
  readonly #size: number;
  readonly #photoIds: Set<string>;

  private constructor(table: StoredTable, size: number, photoIds: Set<string>) {
    this.#table = table;
    this.#size = size;
    this.#photoIds = photoIds;
  }

  static async open(database: Connection, modelId: string, size: number): Promise<VectorTable> {
    const schema = new Schema([
      new Field('photoId', new Utf8(), false),
      new Field('vector', new FixedSizeList(size, new Field('item', new Float32(), true)), false),
    ]);
    const table = await StoredTable.open(database, vectorTableName(modelId), schema, 'photoId');
    const photoIds = stringColumn(await table.read({ columns: ['photoId'] }), 'photoId');
    return new VectorTable(table, size, new Set(photoIds));
  }

  /** Ids of the photos that have an embedding. */
  photoIds(): ReadonlySet<string> {
    return this.#photoIds;
  }

  /**
   * Appends the embeddings that are not there yet, as one commit.
   *
   * @throws MedleyError `internal` when a vector has another size or holds no direction, which
   *   would poison every later search.
   */
  async append(rows: readonly VectorRow[]): Promise<void> {
    for (const row of rows) this.#check(row);
    let fresh: VectorRow[] = [];
    const choose = () => {
      const unknown = rows.filter((row) => !this.#photoIds.has(row.photoId));
      fresh = [...new Map(unknown.map((row) => [row.photoId, row])).values()];
      return fresh.map((row) => ({ ...row }));
    };
    await this.#table.append(choose, () => {
      for (const row of fresh) this.#photoIds.add(row.photoId);
    });
  }

  /** Embeddings by photo; photos without one are left out. */
  async get(photoIds: readonly string[]): Promise<Map<string, Float32Array>> {
    if (photoIds.length === 0) return new Map();
    const table = await this.#table.read({
      columns: ['photoId', 'vector'],
      where: sqlIn('photoId', photoIds),
    });
    const vectors = vectorColumn(table, 'vector', this.#size);
    return new Map(stringColumn(table, 'photoId').map((id, i) => [id, vectors[i]]));
  }

  /** The `limit` photos nearest to `vector`, nearest first. */
  async nearest(vector: Float32Array, limit: number): Promise<Neighbour[]> {
    if (limit <= 0 || this.#photoIds.size === 0) return [];
    const table = await this.#table.nearest(vector, limit, ['photoId']);
    const distances = numberColumn(table, '_distance');
    return stringColumn(table, 'photoId').map((photoId, i) => ({
      photoId,
      cosine: 1 - distances[i],
    }));
  }

  async optimize(exclusively: boolean): Promise<void> {
    await this.#table.optimize(exclusively);
  }

  async close(): Promise<void> {
    await this.#table.close();
  }

  #check({ photoId, vector }: VectorRow): void {
    const norm = Math.hypot(...vector);
    if (vector.length === this.#size && Number.isFinite(norm) && norm > 0) return;
    throw new MedleyError(
      'internal',
      `The model gave an unusable embedding for photo ${photoId} (${vector.length} numbers, norm ${norm}).`,
      { subject: photoId },
    );
  }
}
