import { MedleyError } from '#shared/errors.ts';
import type { KnownPicture } from '#main/capfilt/judge/known-pictures.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { SitePicture } from './site-pictures.ts';

export interface PictureEncoderOptions {
  readonly model: MedModel;
  readonly importer: Importer;
  readonly features: FeatureCache;
  /** Runs the model when its turn comes. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Pictures of a website through the image encoder of a model. */
export class PictureEncoder {
  readonly #options: PictureEncoderOptions;
  /** Made by this model, by picture. */
  readonly #embeddings = new Map<string, Float32Array>();

  constructor(options: PictureEncoderOptions) {
    this.#options = options;
  }

  /** Encodes pictures, but for those that cannot be read: these are left out. */
  async encode(pictures: readonly SitePicture[]): Promise<Map<SitePicture, KnownPicture>> {
    const { model, features, turn } = this.#options;
    const read = (await Promise.all(pictures.map((each) => this.#input(each)))).filter(
      (each) => each !== null,
    );
    if (read.length === 0) return new Map();
    const inputs = read.map(({ input }) => input);
    const made = await turn(() => model.embedImages(inputs, 'everything'));
    return new Map(
      made.map((each, i) => {
        const { picture } = read[i];
        features.set(picture.id, each.features);
        this.#embeddings.set(picture.id, each.embedding);
        return [picture, { ...each, pictureId: picture.id }];
      }),
    );
  }

  /** Encodes one picture, unless that is at hand; null where it cannot be read. */
  async look(picture: SitePicture): Promise<KnownPicture | null> {
    const features = this.#options.features.get(picture.id);
    const embedding = this.#embeddings.get(picture.id);
    if (features === undefined || embedding === undefined) {
      return (await this.encode([picture])).get(picture) ?? null;
    }
    return { pictureId: picture.id, features, embedding };
  }

  async #input(picture: SitePicture) {
    const { model, importer } = this.#options;
    try {
      const squares = await importer.squares(picture.file, model.inputSides);
      return { picture, input: model.inputOf(squares) };
    } catch (error) {
      // What is no MedleyError, as of a thread that died, speaks against no picture.
      if (error instanceof MedleyError) return null;
      throw error;
    }
  }
}
