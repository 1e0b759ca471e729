import { createHash } from 'node:crypto';
import { DataType, type Schema } from 'apache-arrow';
import { MedleyError } from '#shared/errors.ts';
import { text, vector } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type Declaration } from '../declaration.ts';
import { storeFailed } from '../store-failed.ts';
import { StoredTable } from '../stored-table.ts';

export interface VectorRow {
  readonly pictureId: string;
  /** Unit ITC embedding. */
  readonly vector: Float32Array;
}

export interface Neighbour {
  readonly pictureId: string;
  /** Cosine similarity, in [-1, 1]. */
  readonly cosine: number;
}

/** A table name LanceDB accepts, readable and different for every model id. */
export function vectorTableName(modelId: string): string {
  const readable = modelId.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 60);
  const hash = createHash('sha256').update(modelId).digest('hex').slice(0, 12);
  return `vectors_${readable}_${hash}`;
}

/** The tables of vectors that a database has. */
export async function vectorTableNames(database: Database): Promise<string[]> {
  const names = await database.tableNames();
  return names.filter((name) => name.startsWith('vectors_'));
}

/** The pictures in a table of vectors. */
export async function picturesIn(database: Database, name: string): Promise<Set<string>> {
  const declaration = declareTable(name, 'pictureId', { pictureId: text() });
  const table = await StoredTable.open(database, declaration, () => {});
  const rows = await table.columns(['pictureId']);
  await table.close();
  return new Set(rows.map(({ pictureId }) => pictureId));
}

/** @param size Numbers a vector. */
export function vectorDeclaration(name: string, size: number): Declaration<VectorRow> {
  return declareTable(name, 'pictureId', { pictureId: text(), vector: vector(size) });
}

/**
 * Numbers a vector of a table of vectors.
 *
 * @throws MedleyError `library-damaged`
 */
export function vectorSize({ fields }: Schema, table: string): number {
  const type: unknown = fields.find(({ name }) => name === 'vector')?.type;
  if (DataType.isFixedSizeList(type)) return type.listSize;
  throw storeFailed(table, new Error('it has no column of vectors'));
}

/** The ITC embeddings that one model made, searched exactly. */
export class VectorTable {
  readonly table: StoredTable<VectorRow>;
  readonly #size: number;
  readonly #pictureIds: Set<string>;

  private constructor(table: StoredTable<VectorRow>, size: number, pictureIds: Set<string>) {
    this.table = table;
    this.#size = size;
    this.#pictureIds = pictureIds;
  }

  static async open(
    database: Database,
    modelId: string,
    size: number,
    onCommit: () => void,
  ): Promise<VectorTable> {
    const declaration = vectorDeclaration(vectorTableName(modelId), size);
    const table = await StoredTable.open(database, declaration, onCommit);
    const rows = await table.columns(['pictureId']);
    return new VectorTable(table, size, new Set(rows.map(({ pictureId }) => pictureId)));
  }

  /** The pictures that have an embedding. */
  pictureIds(): ReadonlySet<string> {
    return this.#pictureIds;
  }

  /**
   * Appends the embeddings that are not there yet, as one commit.
   *
   * @throws MedleyError `internal` when a vector has another size or holds no direction, which
   *   would poison every later search.
   */
  async append(rows: readonly VectorRow[]): Promise<void> {
    for (const row of rows) this.#check(row);
    const choose = () => {
      const unknown = rows.filter((row) => !this.#pictureIds.has(row.pictureId));
      return [...new Map(unknown.map((row) => [row.pictureId, row])).values()];
    };
    await this.table.append(choose, (added) => {
      for (const row of added) this.#pictureIds.add(row.pictureId);
    });
  }

  /** Embeddings by picture; pictures without one are left out. */
  async get(pictureIds: readonly string[]): Promise<Map<string, Float32Array>> {
    const rows = await this.table.find('pictureId', pictureIds);
    return new Map(rows.map((row) => [row.pictureId, row.vector]));
  }

  /**
   * The `limit` pictures nearest to `vector`, nearest first.
   *
   * @param condition in SQL, of the rows that are looked at
   */
  async nearest(
    vector: Float32Array,
    limit: number,
    condition: string | null = null,
  ): Promise<Neighbour[]> {
    if (limit <= 0 || this.#pictureIds.size === 0) return [];
    const found = await this.table.nearest(vector, limit, ['pictureId'], condition);
    return found.map(({ pictureId, distance }) => ({ pictureId, cosine: 1 - distance }));
  }

  #check({ pictureId, vector }: VectorRow): void {
    const norm = Math.hypot(...vector);
    if (vector.length === this.#size && Number.isFinite(norm) && norm > 0) return;
    throw new MedleyError(
      'internal',
      `The model gave an unusable embedding for photo ${pictureId} (${vector.length} numbers, norm ${norm}).`,
      { subject: pictureId },
    );
  }
}
