import type { StageWords } from '#shared/schemas/activity.ts';
import type { FeatureUse, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { Store } from '#main/store/store.ts';
import type { BatchedCall } from '../model/batch-sizes.ts';

/** A picture with what the image encoder made of it. */
export interface SeenPhoto {
  readonly pictureId: string;
  readonly features: ImageFeatures;
}

/** A picture that the image encoder was run on just now. */
export interface EncodedPhoto extends SeenPhoto {
  /** Unit ITC embedding. */
  readonly embedding: Float32Array;
}

/** What a stage works with. */
export interface StageTools {
  readonly store: Store;
  readonly model: MedModel;
  /** Writes what waits to be written, so that a stage can read what those before it did. */
  readonly written: () => Promise<void>;
  /** Runs a batch, and learns from how long it took how large the next should be. */
  measured<T>(call: BatchedCall, items: readonly unknown[], work: () => Promise<T>): Promise<T>;
}

/** A stage with the model in use. */
export interface OpenStage<Photo> {
  /** Of these pictures, those that are left to do, derived from the store. */
  pending(pictureIds: Iterable<string>): string[];
  /** Does a batch. What fails in a batch is tried picture by picture, so that each fails alone. */
  run(batch: readonly Photo[]): Promise<void>;
  /** Writes what waits to be written together. */
  flush(): Promise<void>;
}

interface StageOf<Needs extends string, Photo> {
  /** Stays the same for ever: failures are kept under it. */
  readonly name: string;
  readonly words: StageWords;
  /** `encoding`: the encoder is run for it; `features`: what that has made before will do. */
  readonly needs: Needs;
  /** What the features are used for. */
  readonly use: FeatureUse;
  /** The call of the model by whose batch size it is given pictures. */
  readonly batch: BatchedCall;
  /** Whether every new picture comes to it, so that those on their way can be counted ahead. */
  readonly everyPicture: boolean;
  /** Begins to work with a model; null where that cannot do it. */
  open(tools: StageTools): Promise<OpenStage<Photo> | null>;
}

export type EncodingStage = StageOf<'encoding', EncodedPhoto>;
export type FeatureStage = StageOf<'features', SeenPhoto>;

/** One kind of work on every picture of the library. */
export type Stage = EncodingStage | FeatureStage;
