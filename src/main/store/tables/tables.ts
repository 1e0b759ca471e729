import type { Database } from '../database.ts';
import { storeFailed } from '../store-failed.ts';
import { AssetTable, assetsDeclaration } from './assets.ts';
import { CaptionTable, captionsDeclaration } from './captions.ts';
import { ContentTable, contentsDeclaration } from './contents.ts';
import { EvidenceTable, evidenceDeclaration } from './evidence.ts';
import { FailureTable, failuresDeclaration } from './failures.ts';
import { FileTable, filesDeclaration } from './files.ts';
import { Journal, journalDeclaration } from './journal.ts';
import { ObservationTable, observationsDeclaration } from './observations.ts';
import { ScoreTable, scoresDeclaration } from './scores.ts';
import { VerdictTable, verdictsDeclaration } from './verdicts.ts';

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
  readonly evidence: EvidenceTable;
}

/** Who hears of changes: of those that the grid shows, and of all others. */
export interface TableListeners {
  readonly onPhotos: () => void;
  readonly onOther: () => void;
  /** Of what is known, said or thought of these photos; they may be named more than once. */
  readonly onAssets: (assetIds: readonly string[]) => void;
}

/** In the order in which they are created: a table that comes to be is added at the end. */
export const tableDeclarations = {
  assets: assetsDeclaration,
  contents: contentsDeclaration,
  files: filesDeclaration,
  observations: observationsDeclaration,
  captions: captionsDeclaration,
  scores: scoresDeclaration,
  verdicts: verdictsDeclaration,
  failures: failuresDeclaration,
  journal: journalDeclaration,
  evidence: evidenceDeclaration,
} satisfies Record<keyof Tables, unknown>;

export type TableName = keyof Tables;

/**
 * Refuses a database that has lost the folder of a table: it would be taken for one that is new.
 *
 * @throws MedleyError `library-damaged`
 */
export async function requireTables(database: Database): Promise<void> {
  const there = new Set(await database.tableNames());
  const tableNames = Object.keys(tableDeclarations);
  const last = tableNames.findLastIndex((name) => there.has(name));
  const lost = tableNames.slice(0, last + 1).find((name) => !there.has(name));
  if (lost !== undefined) throw storeFailed(lost, new Error('it is not there'));
}

export async function openTables(
  database: Database,
  { onPhotos, onOther, onAssets }: TableListeners,
): Promise<Tables> {
  const tell = (listener: () => void) => (rows: readonly { readonly assetId: string | null }[]) => {
    listener();
    onAssets(rows.flatMap(({ assetId }) => assetId ?? []));
  };
  const contents = await ContentTable.open(database, tell(onPhotos));
  return {
    assets: await AssetTable.open(database, onPhotos),
    contents,
    files: await FileTable.open(database, tell(onPhotos)),
    observations: await ObservationTable.open(database, onOther),
    captions: await CaptionTable.open(database, tell(onOther)),
    scores: await ScoreTable.open(database, (rows) => {
      onOther();
      onAssets(rows.flatMap(({ pictureId }) => contents.assetOfPicture(pictureId) ?? []));
    }),
    verdicts: await VerdictTable.open(database, tell(onOther)),
    failures: await FailureTable.open(database, onOther),
    journal: await Journal.open(database, onOther),
    evidence: await EvidenceTable.open(database, onOther),
  };
}
