import { MedleyError } from '#shared/errors.ts';
import { suffices } from '#main/med/model/features.ts';
import type { FeatureUse, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { EncodedPhoto } from '../stages/stage.ts';
import type { ModelRuns } from './model-runs.ts';
import type { PhotoFailures } from './photo-failures.ts';
import type { PixelSource } from './pixel-source.ts';
import { requireDirection } from './require-direction.ts';
import { runBatch, type Outcome } from './run-batch.ts';

export interface PhotoEncoderOptions {
  readonly model: MedModel;
  readonly runs: ModelRuns;
  readonly failures: PhotoFailures;
  readonly features: FeatureCache;
  readonly pixels: PixelSource;
  /** What the features of these pictures are wanted for, by all stages to come. */
  readonly useOf: (pictureIds: readonly string[]) => FeatureUse;
}

/** Photos through the image encoder. Those that it cannot be used on are recorded and left out. */
export class PhotoEncoder {
  readonly #options: PhotoEncoderOptions;

  constructor(options: PhotoEncoderOptions) {
    this.#options = options;
  }

  /** Encodes photos, and keeps their features as long as there is room. */
  async encode(pictureIds: readonly string[], stage: string): Promise<EncodedPhoto[]> {
    const { model, runs, failures, features, useOf } = this.#options;
    const decoded = await failures.settle(pictureIds, await this.#inputs(pictureIds), stage);
    // What a caption will need is made at once, from the picture that is here now.
    const use = useOf(pictureIds);
    const outcomes = await runs.turn(() =>
      runBatch(decoded, async (items) => {
        const photos = items.map(({ input }) => input);
        const made = await runs.measured('embed', items, () => model.embedImages(photos, use));
        return made.map((each, i) => ({ pictureId: items[i].pictureId, ...each }));
      }),
    );
    const encoded = await failures.settle(
      decoded.map(({ pictureId }) => pictureId),
      model.info.roles.matching ? outcomes.map(requireDirection) : outcomes,
      stage,
    );
    for (const each of encoded) features.set(each.pictureId, each.features);
    return encoded;
  }

  /** Features by photo, those at hand or made now. */
  async featuresOf(
    pictureIds: readonly string[],
    stage: string,
    use: FeatureUse,
  ): Promise<Map<string, ImageFeatures>> {
    const { features, model } = this.#options;
    const known = new Map<string, ImageFeatures>();
    const missing: string[] = [];
    for (const id of pictureIds) {
      const cached = features.get(id);
      if (cached && suffices(cached, use, model.info)) known.set(id, cached);
      else missing.push(id);
    }
    if (missing.length === 0) return known;
    for (const each of await this.encode(missing, stage)) known.set(each.pictureId, each.features);
    return known;
  }

  async #inputs(
    pictureIds: readonly string[],
  ): Promise<Outcome<{ readonly pictureId: string; readonly input: PhotoInput }>[]> {
    const { model, pixels } = this.#options;
    return Promise.all(
      pictureIds.map((pictureId) =>
        pixels.take(pictureId, model.inputSides).then(
          (squares) => ({ value: { pictureId, input: model.inputOf(squares) } }),
          (error: unknown) => {
            // What is no MedleyError, as of a thread that died, speaks against no photo.
            if (!(error instanceof MedleyError)) throw error;
            return { error };
          },
        ),
      ),
    );
  }
}
