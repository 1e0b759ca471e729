import type { DeviceStatus, ModelInfo } from '#shared/schemas/model.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import { MedleyError } from '#shared/errors.ts';
import type {
  CaptionOptions,
  FeatureUse,
  GeneratedCaption,
  ImageEmbedding,
  ImageFeatures,
  Match,
  MatchToken,
  MedModel,
  Rivals,
  TextLikelihood,
} from './med-model.ts';
import { PixelPair, type PhotoInput, type Pixels } from '../preprocess/photo-input.ts';
import type { Sides } from '../preprocess/square.ts';

/** What {@link CombinedModel} is made of. */
export interface CombinedParts {
  readonly matching: MedModel;
  readonly captioning: MedModel;
  /** Whether both prepare photos in the same way. */
  readonly preparesAlike: boolean;
  /** Whether the image encoders of both are one and the same, which is run once then. */
  readonly sharesEncoder?: boolean;
}

/**
 * Two checkpoints as one model: one embeds and matches, the other captions, each with its image
 * encoder, or with one where both have the same. BLIP's fine-tuned checkpoints have one role each; what
 * adapters make of one checkpoint can be two with image encoders of their own.
 */
export class CombinedModel implements MedModel {
  readonly info: ModelInfo;
  readonly device: DeviceStatus;
  readonly #matching: MedModel;
  readonly #captioning: MedModel;
  readonly #preparesAlike: boolean;
  readonly #sharesEncoder: boolean;

  constructor({ matching, captioning, preparesAlike, sharesEncoder = false }: CombinedParts) {
    this.info = combinedInfo(matching.info, captioning.info);
    this.device = matching.device;
    this.#matching = matching;
    this.#captioning = captioning;
    this.#preparesAlike = preparesAlike;
    this.#sharesEncoder = sharesEncoder;
  }

  get inputSides(): Sides {
    const { inputSides } = this.#matching;
    return this.#preparesAlike ? inputSides : [...inputSides, ...this.#captioning.inputSides];
  }

  inputOf(squares: readonly Pixels[]): PhotoInput {
    const count = this.#matching.inputSides.length;
    const photo = this.#matching.inputOf(squares.slice(0, count));
    if (this.#preparesAlike) return photo;
    return new PixelPair(photo, this.#captioning.inputOf(squares.slice(count)));
  }

  async embedImages(
    photos: readonly PhotoInput[],
    use: FeatureUse = 'everything',
  ): Promise<ImageEmbedding[]> {
    const pairs = photos.map((photo) =>
      photo instanceof PixelPair ? photo : new PixelPair(photo, photo),
    );
    const embedded = await this.#matching.embedImages(pairs.map(({ matching }) => matching));
    if (use === 'matching') return embedded;
    if (this.#sharesEncoder) {
      return embedded.map(({ features, embedding }) => ({
        embedding,
        features: { ...features, captioner: features },
      }));
    }
    const own = await this.#captioning.embedImages(pairs.map(({ captioning }) => captioning));
    return embedded.map(({ features, embedding }, i) => ({
      embedding,
      features: { ...features, captioner: own[i].features },
    }));
  }

  hasWord(word: string): boolean {
    return this.#matching.hasWord(word);
  }

  embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    return this.#matching.embedTexts(texts);
  }

  match(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    first?: MatchToken,
  ): Promise<Match[]> {
    return this.#matching.match(images, texts, first);
  }

  async caption(
    images: readonly ImageFeatures[],
    options: CaptionOptions,
  ): Promise<GeneratedCaption[][]> {
    return this.#captioning.caption(images.map(captionersOwn), options);
  }

  async scoreTokens(
    images: readonly ImageFeatures[],
    tokens: readonly number[],
  ): Promise<Float32Array[]> {
    return this.#captioning.scoreTokens(images.map(captionersOwn), tokens);
  }

  async logLikelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
  ): Promise<number[]> {
    return this.#captioning.logLikelihoods(images.map(captionersOwn), texts);
  }

  async likelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    rivals: Rivals,
  ): Promise<TextLikelihood[]> {
    return this.#captioning.likelihoods(images.map(captionersOwn), texts, rivals);
  }

  decodingOf(options: CaptionOptions): Decoding {
    return this.#captioning.decodingOf(options);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#matching.dispose(), this.#captioning.dispose()]);
  }
}

function captionersOwn({ captioner }: ImageFeatures): ImageFeatures {
  if (captioner !== undefined) return captioner;
  throw new MedleyError('bad-request', 'These photo features were made for matching only.');
}

function combinedInfo(matching: ModelInfo, captioning: ModelInfo): ModelInfo {
  const { id, name, folder } = captioning;
  // Adapters can give one checkpoint two image encoders.
  const all = id === matching.id ? [matching] : [matching, captioning];
  const cards = all.flatMap(({ card }) => card ?? []);
  const sum = (of: (info: ModelInfo) => number) => all.reduce((total, info) => total + of(info), 0);
  return {
    ...matching,
    name: all.map((info) => info.name).join(' + '),
    roles: { matching: true, captioning: true },
    captioner: { id, name, folder },
    parameters: sum((info) => info.parameters),
    bytes: sum((info) => info.bytes),
    imageSize: Math.max(matching.imageSize, captioning.imageSize),
    card: cards.length === 0 ? null : cards.join('\n\n---\n\n'),
  };
}
