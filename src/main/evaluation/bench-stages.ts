import type { FeatureUse, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';

/**
 * What is measured, each from what lies in this process's memory to what lies there again. The
 * PyTorch counterpart, `tools/bench/pytorch.py`, measures the same under the same names.
 */
export const stages = [
  /** Photos through the image encoder; through both where the captioner has its own. */
  'vision',
  /** Texts through the text encoder. */
  'texts',
  /** Photos to captions of 20 tokens. */
  'greedy',
  'beam3',
  /** Photos matched with one text, from their pixels, as a caption is judged. */
  'pairs-pixels',
  /** The same with features known, as a search is re-ranked. */
  'pairs-features',
] as const;
export type Stage = (typeof stages)[number];

/** A stage of one model. */
export interface StageRun {
  readonly stage: Stage;
  readonly batches: readonly number[];
  /** Makes what is measured at a batch size. */
  prepare(batch: number): Promise<() => Promise<unknown>>;
}

const text = 'two people walk a brown dog along a sandy beach';
/** [DEC] and 20 tokens, all of them generated: none may end earlier. */
const length = { prompt: '', minLength: 21, maxLength: 21, repetitionPenalty: 1 };

/**
 * The stages that a model has the parts for.
 *
 * @param pixels a photo as the model preprocesses it
 */
export function stagesOf(model: MedModel, pixels: PhotoInput): StageRun[] {
  const photos = (batch: number) => Array.from({ length: batch }, () => pixels);
  const texts = (batch: number) => Array.from({ length: batch }, () => text);
  const featuresOf = async (
    input: readonly PhotoInput[],
    use: FeatureUse,
  ): Promise<ImageFeatures[]> =>
    (await model.embedImages(input, use)).map(({ features }) => features);

  const vision: StageRun = {
    stage: 'vision',
    batches: [1, 8, 32],
    prepare: async (batch) => {
      const input = photos(batch);
      return () => model.embedImages(input);
    },
  };
  const caption = (stage: Stage, method: 'greedy' | 'beam'): StageRun => ({
    stage,
    batches: [1, 32],
    prepare: async (batch) => {
      const input = photos(batch);
      const options = { method, ...(method === 'beam' && { beams: 3 }), ...length };
      return async () => model.caption(await featuresOf(input, 'everything'), options);
    },
  });
  const embedTexts: StageRun = {
    stage: 'texts',
    batches: [1, 32],
    prepare: async (batch) => () => model.embedTexts(texts(batch)),
  };
  const pairsFromPixels: StageRun = {
    stage: 'pairs-pixels',
    batches: [32],
    prepare: async (batch) => {
      const input = photos(batch);
      return async () => model.match(await featuresOf(input, 'matching'), texts(batch));
    },
  };
  const pairsFromFeatures: StageRun = {
    stage: 'pairs-features',
    batches: [32],
    prepare: async (batch) => {
      // Features of equal photos, each its own, so that the model cannot share their work.
      const features = await featuresOf(photos(batch), 'matching');
      return () => model.match(features, texts(batch));
    },
  };
  const { matching, captioning } = model.info.roles;
  return [
    vision,
    ...(captioning ? [caption('greedy', 'greedy'), caption('beam3', 'beam')] : []),
    ...(matching ? [embedTexts, pairsFromPixels, pairsFromFeatures] : []),
  ];
}
