import type { AdapterScore } from '#main/med/adapter/adapter-card.ts';
import { decideAdoption } from '#main/training/validation/adoption.ts';
import { measures } from '#main/training/validation/measures.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';
import type { Circle } from './circle.ts';
import type { FilterCheck } from './filter-check.ts';
import { accountOf, type NoiseAccount } from './noise-account.ts';
import { RightTexts } from './right-texts.ts';
import type { RowText } from './row-texts.ts';
import { RowName, rows, tables, type TableName } from './rows.ts';
import { whatItDid } from './what-it-did.ts';
import { shareOf, type Share } from './share.ts';

/** What came of a row. */
export interface RowResult {
  readonly texts: readonly RowText[];
  /** Of the photos that nothing learnt from. */
  readonly scores: readonly PhotoScores[];
}

export type RowResults = Partial<Record<RowName, RowResult>>;

export interface RowReport {
  readonly name: RowName;
  readonly title: string;
  /** Texts that were learnt from, without the clean ones. */
  readonly noisy: number;
  readonly synthetic: number;
  /** Of the noisy texts; null where nothing filters them. */
  readonly account: NoiseAccount | null;
  /** Of the synthetic texts, those that the filter took out; null where there are none, or nothing filters. */
  readonly rejected: Share | null;
  /** By name, in percent or as it is. */
  readonly measures: Readonly<Record<string, number>>;
}

/** A row beside the first one of its table, on the same photos. */
export interface ComparedRow {
  readonly name: RowName;
  /** What it is called in that table. */
  readonly title: string;
  readonly scores: readonly AdapterScore[];
}

export interface TableReport {
  readonly table: TableName;
  readonly title: string;
  readonly reference: RowName;
  readonly rows: readonly ComparedRow[];
}

export interface BootstrapReport {
  readonly photos: Readonly<Record<'clean' | 'validation' | 'noisy' | 'held', number>>;
  /** What the filter was found to be worth. */
  readonly check: FilterCheck;
  /** Of the model that all trainings start from. */
  readonly untrained: RowReport['measures'];
  readonly rows: readonly RowReport[];
  readonly tables: readonly TableReport[];
  /** The row whose texts are left. */
  readonly final: RowName;
  /** That row beside the noisy one as it was. */
  readonly scores: readonly AdapterScore[];
  /** Whether something is surely better by it, and nothing surely worse. */
  readonly better: boolean;
  /** What is surely better, what surely worse, and what chance may have made, in one sentence. */
  readonly reason: string;
}

/** What {@link reportOf} puts together. */
export interface Findings {
  readonly check: FilterCheck;
  readonly untrained: readonly PhotoScores[];
  /** The set as it was, and the one that is left. */
  readonly noisy: RowResult;
  readonly cleaned: RowResult;
  /** The name of that row. */
  readonly final: RowName;
  /** All rows that were made. */
  readonly results: RowResults;
}

/** What came of the rows, with what chance makes of the differences. */
export function reportOf(
  { photos }: Pick<Circle, 'photos'>,
  { check, untrained, noisy, cleaned, final, results }: Findings,
  wanted: readonly TableName[],
): BootstrapReport {
  const truth = new RightTexts(photos.truth);
  const compare = (reference: RowResult, { scores }: RowResult) =>
    decideAdoption('all', reference.scores, scores);
  const found = compare(noisy, cleaned);
  return {
    photos: {
      clean: photos.clean.length,
      validation: photos.validation.length,
      noisy: photos.noisy.length,
      held: photos.held.length,
    },
    check,
    untrained: measuresOf(untrained),
    rows: RowName.options.flatMap((name) => {
      const result = results[name];
      return result === undefined ? [] : [rowReport(name, result, truth)];
    }),
    tables: wanted.map((table) => {
      const { title: topic, reference, others, both } = tables[table];
      const first = results[reference] ?? noisy;
      const compared = others.flatMap((name): ComparedRow[] => {
        const result = results[name];
        if (result === undefined) return [];
        const called = name === 'both' ? both : undefined;
        const title = called ?? rows[name].title;
        return [{ name, title, scores: compare(first, result).scores }];
      });
      return { table, title: topic, reference, rows: compared };
    }),
    final,
    scores: found.scores,
    better: found.adopted,
    reason: whatItDid(found),
  };
}

function rowReport(name: RowName, { texts, scores }: RowResult, truth: RightTexts): RowReport {
  const { title, web, filter } = rows[name];
  const of = (source: RowText['source']) => texts.filter((text) => text.source === source);
  const kept = (source: RowText['source']) => of(source).filter((text) => text.kept).length;
  const judged = of('noisy').map((text) => ({
    rightness: truth.of(text.photo.key, text.text),
    kept: text.kept,
  }));
  const written = of('synthetic').length;
  return {
    name,
    title,
    noisy: kept('noisy'),
    synthetic: kept('synthetic'),
    account: web == null ? null : accountOf(judged),
    rejected: filter === null ? null : shareOf(written - kept('synthetic'), written),
    measures: measuresOf(scores),
  };
}

function measuresOf(photos: readonly PhotoScores[]): Record<string, number> {
  return Object.fromEntries(
    measures.flatMap(({ name, of }) => {
      const value = of(photos);
      return value === null ? [] : [[name, value]];
    }),
  );
}
