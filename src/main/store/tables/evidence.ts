import { DoubtfulWord } from '#shared/schemas/review.ts';
import { flag, json, nullable, number, text } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable } from '../stored-table.ts';

export const evidenceDeclaration = declareTable(
  'evidence',
  'id',
  {
    /** Made of what names it. */
    id: text(),
    captionId: text(),
    pictureId: text(),
    /** Whether the caption is about this picture; else it was drawn at random, to compare with. */
    isOwn: flag(),
    /** What matches. */
    modelId: text(),
    /** What writes; null for a model that only matches. */
    captionerId: nullable(text()),
    /** Log-odds of the match by ITM; null for a text that says nothing a picture could show. */
    match: nullable(number()),
    /** Cosine of ITC; null likewise. */
    cosine: nullable(number()),
    /** What the picture adds to the log-likelihood of the text; null where nothing says it. */
    gain: nullable(number()),
    /** The word of the text that is borne out the least; null where none was asked about. */
    word: nullable(json(DoubtfulWord, { since: 5 })),
    /** ISO 8601. */
    createdAt: text(),
  },
  ['captionId'],
);

/** What a model says of a text about a picture, before anything is made of it (`docs/capfilt.md`). */
export type EvidenceRow = RowOf<typeof evidenceDeclaration>;
export type NewEvidence = Omit<EvidenceRow, 'id'>;

/** The models that judge together. */
export type Judges = Pick<EvidenceRow, 'modelId' | 'captionerId'>;

/** Evidence about captions: appended, never changed, and held in memory. */
export class EvidenceTable {
  readonly table: StoredTable<EvidenceRow>;
  /** By judges, then by caption. */
  readonly #rows = new Map<string, Map<string, EvidenceRow[]>>();

  #newest: EvidenceRow | null = null;

  private constructor(table: StoredTable<EvidenceRow>) {
    this.table = table;
  }

  static async open(database: Database, onCommit: () => void): Promise<EvidenceTable> {
    const table = await StoredTable.open(database, evidenceDeclaration, onCommit);
    const evidence = new EvidenceTable(table);
    for (const row of await table.all()) evidence.#remember(row);
    return evidence;
  }

  /** Who judged last; null where nobody has. */
  get lastJudges(): Judges | null {
    return this.#newest;
  }

  /** What these judges said of a caption and the picture it is about. */
  of(judges: Judges, captionId: string, pictureId: string): EvidenceRow | undefined {
    return this.#by(judges)
      .get(captionId)
      ?.find((row) => row.isOwn && row.pictureId === pictureId);
  }

  /** What these judges said of captions and pictures drawn at random. */
  drawn(judges: Judges): EvidenceRow[] {
    return [...this.#by(judges).values()].flat().filter(({ isOwn }) => !isOwn);
  }

  /** How much there is by these judges; it only grows. */
  countOf(judges: Judges): number {
    return this.#by(judges).size;
  }

  /** Appends what is not there yet, as one commit. */
  async append(evidence: readonly NewEvidence[]): Promise<void> {
    const choose = () => {
      const rows = evidence.map((each) => ({ ...each, id: idOf(each) }));
      const unknown = rows.filter((row) => !this.#has(row));
      return [...new Map(unknown.map((row) => [row.id, row])).values()];
    };
    await this.table.append(choose, (added) => {
      for (const row of added) this.#remember(row);
    });
  }

  #has(row: EvidenceRow): boolean {
    const rows = this.#by(row).get(row.captionId) ?? [];
    return rows.some(({ id }) => id === row.id);
  }

  #by({ modelId, captionerId }: Judges): Map<string, EvidenceRow[]> {
    const key = `${modelId} ${captionerId ?? ''}`;
    const rows = this.#rows.get(key) ?? new Map<string, EvidenceRow[]>();
    this.#rows.set(key, rows);
    return rows;
  }

  #remember(row: EvidenceRow): void {
    const newest = this.#newest?.createdAt ?? '';
    if (row.createdAt >= newest) this.#newest = row;
    const rows = this.#by(row);
    rows.set(row.captionId, [...(rows.get(row.captionId) ?? []), row]);
  }
}

function idOf({ captionId, pictureId, modelId, captionerId }: NewEvidence): string {
  return `${captionId} ${pictureId} ${modelId} ${captionerId ?? ''}`;
}
