import { captionerIdOf } from '#shared/schemas/model.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { CaptionRow } from '#main/store/caption-table.ts';
import type { Store } from '#main/store/store.ts';
import type { VectorRow, VectorTable } from '#main/store/vector-table.ts';
import type { Progress } from '../progress/progress.ts';
import { BatchWriter } from './batch-writer.ts';
import { captionPhotos } from './caption-photos.ts';
import { ModelRuns, type ModelRunsOptions } from './model-runs.ts';
import { PhotoEncoder } from './photo-encoder.ts';
import { PhotoFailures } from './photo-failures.ts';
import type { PixelSource } from './pixel-source.ts';
import { runBatch } from './run-batch.ts';
import { scoreStoredCaptions, type SeenPhoto } from './score-captions.ts';
import { WorkSet } from './work-set.ts';

export interface ModelWorkOptions extends ModelRunsOptions {
  readonly store: Store;
  /** Where embeddings go; null for a model that does not match. */
  readonly vectors: VectorTable | null;
  readonly features: FeatureCache;
  readonly pixels: PixelSource;
  readonly progress: Progress;
  readonly onChange: () => void;
}

/** Stages that work on what the image encoder made. */
type FeatureStage = 'caption' | 'score';

/**
 * What one model has left to do for the library: an embedding and a caption for every photo on
 * show, and its score for every caption there is. The work is derived from the store when this
 * begins, and from new photos after that.
 */
export class ModelWork {
  readonly model: MedModel;
  readonly #options: ModelWorkOptions;
  readonly #toEmbed: WorkSet;
  readonly #toCaption: WorkSet;
  /** Photos with captions to score that are not captioned anyway. */
  readonly #toScore: WorkSet;
  readonly #runs: ModelRuns;
  readonly #failures: PhotoFailures;
  readonly #encoder: PhotoEncoder;
  readonly #vectorWriter: BatchWriter<VectorRow>;
  readonly #captionWriter: BatchWriter<CaptionRow>;

  constructor(options: ModelWorkOptions) {
    const { store, model, vectors, features, pixels, progress, onChange } = options;
    this.#options = options;
    this.model = model;
    const failed = new Set(store.files.failures().map(({ photoId }) => photoId));
    const left = (done: ReadonlySet<string>) =>
      store.photosWithout(done).filter((id) => !failed.has(id));
    const { roles } = model.info;
    const captioned = store.captions.captionedBy(captionerIdOf(model.info));
    this.#toEmbed = new WorkSet(vectors === null ? [] : left(vectors.photoIds()));
    this.#toCaption = new WorkSet(roles.captioning ? left(captioned) : []);
    this.#toScore = new WorkSet(left(new Set()).filter((id) => this.#needsScore(id)));
    this.#runs = new ModelRuns(options);
    this.#failures = new PhotoFailures({
      store,
      progress,
      onFailed: (photoId) => {
        for (const waiting of [this.#toEmbed, this.#toCaption, this.#toScore]) {
          waiting.delete(photoId);
        }
        onChange();
      },
    });
    this.#encoder = new PhotoEncoder({
      model,
      runs: this.#runs,
      failures: this.#failures,
      features,
      pixels,
      useOf: (ids) => (ids.some((id) => this.#toCaption.has(id)) ? 'everything' : 'matching'),
    });
    this.#vectorWriter = new BatchWriter(async (rows) => {
      await vectors?.append(rows);
      onChange();
    });
    this.#captionWriter = new BatchWriter(async (rows) => {
      await store.captions.append(rows);
      onChange();
    });
  }

  /** Photos that wait for each stage, when so many more have come. */
  waiting(coming: number): { embed: number; caption: number; score: number } {
    const { matching, captioning } = this.model.info.roles;
    return {
      embed: this.#toEmbed.size + (matching ? coming : 0),
      caption: this.#toCaption.size + (captioning ? coming : 0),
      score: this.#toScore.size,
    };
  }

  /** Takes photos in that were imported just now. */
  add(photoIds: readonly string[]): void {
    const { store, vectors, pixels } = this.#options;
    const { info } = this.model;
    const captioned = store.captions.captionedBy(captionerIdOf(info));
    for (const id of photoIds) {
      const embeds = vectors !== null && !vectors.photoIds().has(id);
      const captions = info.roles.captioning && !captioned.has(id);
      if (embeds) this.#toEmbed.add(id);
      if (captions) this.#toCaption.add(id);
      if (this.#needsScore(id)) this.#toScore.add(id);
      if (!embeds && !captions) pixels.drop(id);
    }
  }

  /**
   * Does the next batch.
   * @param more whether more photos are on their way, so that a short batch should wait.
   * @returns false when there is nothing to do now.
   */
  async runNext(more: boolean): Promise<boolean> {
    const stage = this.#nextStage(more);
    if (stage === 'embed') await this.#embedNext();
    else if (stage === 'caption') await this.#captionNext();
    else if (stage === 'score') await this.#scoreNext();
    return stage !== null;
  }

  async flush(): Promise<void> {
    await this.#vectorWriter.flush();
    await this.#captionWriter.flush();
  }

  /** Whether captions of this photo are to be scored by themselves. */
  #needsScore(id: string): boolean {
    const { store, model } = this.#options;
    const { roles, id: modelId } = model.info;
    return roles.matching && !this.#toCaption.has(id) && store.captions.awaitsScore(id, modelId);
  }

  /**
   * Embedding goes first, since it makes photos findable, as long as the features it leaves for
   * the other stages fit the cache: computing them twice would cost more than the wait.
   */
  #nextStage(more: boolean): 'embed' | FeatureStage | null {
    const { features, progress } = this.#options;
    const embedReady =
      this.#toEmbed.size >= this.#runs.batch('embed') || (!more && this.#toEmbed.size > 0);
    const next = this.#nextOnFeatures();
    if (next === null) return embedReady ? 'embed' : null;
    if (!embedReady) return more && next.ready < this.#runs.batch('caption') ? null : next.stage;
    const cacheFull = features.bytes > features.maxBytes / 2;
    const costUnknown = progress.knows('embed') && !progress.knows(next.stage);
    return cacheFull || costUnknown ? next.stage : 'embed';
  }

  /** The stage that photos are ready for, and how many; for scores, up to a batch. */
  #nextOnFeatures(): { readonly stage: FeatureStage; readonly ready: number } | null {
    const captions = this.#toCaption.size - this.#toEmbed.size;
    if (captions > 0) return { stage: 'caption', ready: captions };
    const embedded = (id: string) => !this.#toEmbed.has(id);
    const scores = this.#toScore.peek(this.#runs.batch('caption'), embedded).length;
    return scores > 0 ? { stage: 'score', ready: scores } : null;
  }

  async #embedNext(): Promise<void> {
    const { pixels, progress, onChange } = this.#options;
    const size = this.#runs.batch('embed');
    const ids = this.#toEmbed.peek(2 * size, () => true);
    const batch = ids.slice(0, size);
    const start = performance.now();
    const encoding = this.#encoder.encode(batch, 'embed');
    pixels.prefetch(ids.slice(size), this.model.inputSides);
    const embedded = await encoding;
    for (const id of batch) this.#toEmbed.delete(id);
    this.#vectorWriter.add(
      ...embedded.map(({ photoId, embedding }) => ({ photoId, vector: embedding })),
    );
    progress.done('embed', embedded.length, performance.now() - start);
    onChange();
  }

  async #captionNext(): Promise<void> {
    const caption = (items: readonly SeenPhoto[]) =>
      this.#runs.measured('caption', items, () =>
        captionPhotos(this.model, this.#options.store, items),
      );
    await this.#onFeatures('caption', this.#toCaption, caption, (rows) =>
      this.#captionWriter.add(...rows),
    );
  }

  async #scoreNext(): Promise<void> {
    const score = (items: readonly SeenPhoto[]) =>
      scoreStoredCaptions(this.model, this.#options.store, items);
    await this.#onFeatures('score', this.#toScore, score, () => {});
  }

  /** Does the next batch of a stage: those with features at hand first. */
  async #onFeatures<T>(
    stage: FeatureStage,
    waiting: WorkSet,
    work: (items: readonly SeenPhoto[]) => Promise<readonly T[]>,
    keep: (results: readonly T[]) => void,
  ): Promise<void> {
    const { features, progress, onChange } = this.#options;
    const batch = waiting.peek(
      this.#runs.batch('caption'),
      (id) => features.has(id),
      (id) => !this.#toEmbed.has(id),
    );
    const start = performance.now();
    const use = stage === 'caption' ? 'everything' : 'matching';
    const known = await this.#encoder.featuresOf(batch, stage, use);
    const outcomes = await this.#runs.turn(() => runBatch([...known], work));
    const results = await this.#failures.settle([...known.keys()], outcomes, stage);
    for (const id of batch) waiting.delete(id);
    keep(results);
    progress.done(stage, results.length, performance.now() - start);
    onChange();
  }
}
