/** LanceDB as Medley loads it: here alone, so that it keeps silent. */
import './silence-lancedb.ts';

export { connect, Index, Session } from '@lancedb/lancedb';
export type { Connection, Table } from '@lancedb/lancedb';
