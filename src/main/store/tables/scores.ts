import { nullable, number, text } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable, type CommitListener } from '../stored-table.ts';

export const scoresDeclaration = declareTable(
  'scores',
  'id',
  {
    /** Made of the three that name it. */
    id: text(),
    captionId: text(),
    pictureId: text(),
    /** Null where nobody knows which model it was. */
    modelId: nullable(text()),
    /** Image-text-matching probability in [0, 1]. */
    value: number(),
    /** ISO 8601. */
    createdAt: text(),
  },
  ['captionId'],
);

/** How well a model finds that a caption fits a picture. */
export type ScoreRow = RowOf<typeof scoresDeclaration>;
export type NewScore = Omit<ScoreRow, 'id'>;

const known = ['captionId', 'pictureId', 'modelId'] as const;

/** Scores of captions: appended, never changed. */
export class ScoreTable {
  readonly table: StoredTable<ScoreRow>;
  /** Pairs of caption and picture, by the model that scored them. */
  readonly #scored = new Map<string | null, Set<string>>();

  private constructor(table: StoredTable<ScoreRow>) {
    this.table = table;
  }

  static async open(database: Database, onCommit: CommitListener<ScoreRow>): Promise<ScoreTable> {
    const table = await StoredTable.open(database, scoresDeclaration, onCommit);
    const scores = new ScoreTable(table);
    for (const row of await table.columns(known)) scores.#remember(row);
    return scores;
  }

  /** The models that have scored captions. */
  modelIds(): string[] {
    return [...this.#scored.keys()].filter((id) => id !== null);
  }

  has({ captionId, pictureId, modelId }: Pick<ScoreRow, (typeof known)[number]>): boolean {
    return this.#scored.get(modelId)?.has(`${captionId} ${pictureId}`) ?? false;
  }

  /** Appends the scores that are not there yet, as one commit. */
  async append(scores: readonly NewScore[]): Promise<void> {
    const idOf = ({ captionId, pictureId, modelId }: NewScore) =>
      `${captionId} ${pictureId} ${modelId ?? ''}`;
    const choose = () => {
      const unknown = scores.filter((score) => !this.has(score));
      const rows = unknown.map((score) => ({ ...score, id: idOf(score) }));
      return [...new Map(rows.map((row) => [row.id, row])).values()];
    };
    await this.table.append(choose, (added) => {
      for (const row of added) this.#remember(row);
    });
  }

  /** By caption, the newest first. */
  async of(captionIds: readonly string[]): Promise<Map<string, ScoreRow[]>> {
    const rows = await this.table.find('captionId', captionIds);
    rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    return Map.groupBy(rows, (row) => row.captionId);
  }

  #remember({ captionId, pictureId, modelId }: Pick<ScoreRow, (typeof known)[number]>): void {
    const pairs = this.#scored.get(modelId) ?? new Set<string>();
    this.#scored.set(modelId, pairs.add(`${captionId} ${pictureId}`));
  }
}
