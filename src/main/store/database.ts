import { asReadOnly } from '#main/files/read-only.ts';
import { MedleyError } from '#shared/errors.ts';
import { connect, Session, type Connection } from './lancedb.ts';
import { libraryDamaged } from './store-failed.ts';

/** Bytes of indices and of metadata that LanceDB keeps of each table; left alone, it takes 7 GB. */
const indexCacheBytes = 32n * 2n ** 20n;
const metadataCacheBytes = 8n * 2n ** 20n;

/**
 * A folder of tables. Each table has a connection of its own: LanceDB gathers memory with every commit,
 * and frees it with the connection alone (tools/bench/store.ts shows it).
 */
export class Database {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @throws MedleyError `library-damaged` where something else is in the folder's place,
   *   `folder-read-only`
   */
  async connect(): Promise<Connection> {
    try {
      return await connect(this.folder, {}, new Session(indexCacheBytes, metadataCacheBytes));
    } catch (error) {
      const refused = asReadOnly(error, this.folder);
      if (refused instanceof MedleyError) throw refused;
      throw libraryDamaged(this.folder, `${this.folder} is no folder of tables`, error);
    }
  }

  async tableNames(): Promise<string[]> {
    const connection = await this.connect();
    try {
      return await namesIn(connection);
    } finally {
      connection.close();
    }
  }
}

/** The tables of a database. */
export async function namesIn(connection: Connection): Promise<string[]> {
  return await connection.tableNames({ limit: 10_000 });
}
