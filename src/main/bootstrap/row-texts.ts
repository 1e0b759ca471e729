import type { TrainingPhoto } from '#main/training/data/training-photos.ts';
import type { Circle } from './circle.ts';
import { filterCheck } from './filter-check.ts';
import { matchOdds, type HeldText } from './match-odds.ts';
import { rows, type RowName, type Tuned } from './rows.ts';
import { syntheticTexts } from './synthetic-texts.ts';
import type { Trained } from './trained.ts';

/** Where a text of a noisy photo comes from. */
export type TextSource = 'noisy' | 'synthetic';

/** A text of a noisy photo, and whether it is taken into the set. */
export interface RowText extends HeldText {
  readonly source: TextSource;
  /** Log-odds of the match by ITM; null where nothing filters. */
  readonly odds: number | null;
  readonly kept: boolean;
}

/** The models that were tuned on clean captions. */
export type TunedModels = Readonly<
  Record<Tuned, () => Promise<{ readonly captioner: Trained; readonly filter: Trained }>>
>;

/** All texts of a row, kept or not, photo by photo. */
export async function rowTexts(
  circle: Circle,
  name: RowName,
  models: TunedModels,
): Promise<RowText[]> {
  const { web, synthetic, filter } = rows[name];
  const { noisy } = circle.photos;
  const texts: RowText[] = [];
  if (web !== undefined) {
    const own = noisy.flatMap((photo) => photo.captions.map((text) => ({ photo, text })));
    texts.push(...(await filtered(circle, own, { source: 'noisy', by: web, models })));
  }
  if (synthetic !== null) {
    const { writer, writing } = synthetic;
    const { captioner } = await models[writer]();
    const written = await syntheticTexts(circle, captioner, `${writer}-${writing}`, writing);
    const some = noisy
      .map((photo, i) => ({ photo, text: written[i] }))
      .filter(({ text }) => text !== '');
    const detail = `${writer}-${writing}`;
    texts.push(
      ...(await filtered(circle, some, { source: 'synthetic', detail, by: filter, models })),
    );
  }
  return texts;
}

interface Filtering {
  readonly source: TextSource;
  /** Which synthetic texts, for the file of the odds. */
  readonly detail?: string;
  readonly by: Tuned | null;
  readonly models: TunedModels;
}

async function filtered(
  circle: Circle,
  texts: readonly HeldText[],
  { source, detail = source, by, models }: Filtering,
): Promise<RowText[]> {
  if (by === null) return texts.map((text) => ({ ...text, source, odds: null, kept: true }));
  const { filter } = await models[by]();
  const { threshold } = await filterCheck(circle, filter, by);
  const odds = await matchOdds(circle, filter, `${by}-${detail}`, texts);
  return texts.map((text, i) => ({ ...text, source, odds: odds[i], kept: odds[i] >= threshold }));
}

/** Photos with the texts that were kept, behind the clean ones. */
export function taughtPhotos(
  clean: readonly TrainingPhoto[],
  texts: readonly RowText[],
): TrainingPhoto[] {
  const kept = Map.groupBy(
    texts.filter((text) => text.kept),
    ({ photo }) => photo,
  );
  return [
    ...clean,
    ...[...kept].map(([photo, own]) => ({ ...photo, captions: own.map(({ text }) => text) })),
  ];
}
