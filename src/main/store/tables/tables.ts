import type { Connection } from '@lancedb/lancedb';
import { AssetTable } from './assets.ts';
import { CaptionTable } from './captions.ts';
import { ContentTable } from './contents.ts';
import { FailureTable } from './failures.ts';
import { FileTable } from './files.ts';
import { Journal } from './journal.ts';
import { ObservationTable } from './observations.ts';
import { ScoreTable } from './scores.ts';
import { VerdictTable } from './verdicts.ts';

/** The tables of a library, but for the vectors, of which each model has its own. */
export interface Tables {
  readonly assets: AssetTable;
  readonly contents: ContentTable;
  readonly files: FileTable;
  readonly observations: ObservationTable;
  readonly captions: CaptionTable;
  readonly scores: ScoreTable;
  readonly verdicts: VerdictTable;
  readonly failures: FailureTable;
  readonly journal: Journal;
}

/** Who hears of changes: of those that the grid shows, and of all others. */
export interface TableListeners {
  readonly onPhotos: () => void;
  readonly onOther: () => void;
}

export async function openTables(
  database: Connection,
  { onPhotos, onOther }: TableListeners,
): Promise<Tables> {
  return {
    assets: await AssetTable.open(database, onPhotos),
    contents: await ContentTable.open(database, onPhotos),
    files: await FileTable.open(database, onPhotos),
    observations: await ObservationTable.open(database, onOther),
    captions: await CaptionTable.open(database, onOther),
    scores: await ScoreTable.open(database, onOther),
    verdicts: await VerdictTable.open(database, onOther),
    failures: await FailureTable.open(database, onOther),
    journal: await Journal.open(database, onOther),
  };
}
