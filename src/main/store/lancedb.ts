/** LanceDB as Medley loads it: here alone, so that it keeps silent. */
import './silence-lancedb.ts';

export {
  BooleanQuery,
  connect,
  Index,
  MatchQuery,
  Occur,
  PhraseQuery,
  Session,
} from '@lancedb/lancedb';
export type { Connection, FullTextQuery, Table } from '@lancedb/lancedb';
