import { meanFeatures, ownCopy } from '#main/med/model/features.ts';
import type { ImageEmbedding, ImageFeatures } from '#main/med/model/med-model.ts';

/** A picture of the library, with what the model made of it. */
export interface KnownPicture extends ImageEmbedding {
  readonly pictureId: string;
}

/** Pictures kept; the patch features of this many of BLIP's base model take some 60 MB. */
const room = 32;
/** Pictures whose mean stands for none of them, at least. */
const fewest = 4;

/**
 * Some pictures of the library, drawn evenly from all that came by: what a text is held against that is
 * not about them, and whose mean stands for no picture in particular.
 */
export class KnownPictures {
  readonly #random: () => number;
  readonly #pictures: KnownPicture[] = [];
  #seen = 0;
  #mean: ImageFeatures | null = null;

  /** @param random numbers in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Takes pictures in, each as likely to stay as any other (reservoir sampling). */
  add(pictures: readonly KnownPicture[]): void {
    for (const { pictureId, features, embedding } of pictures) {
      const at = this.#seen < room ? this.#seen : Math.floor(this.#random() * (this.#seen + 1));
      this.#seen += 1;
      if (at >= room) continue;
      this.#pictures[at] = { pictureId, features: ownCopy(features), embedding };
      this.#mean = null;
    }
  }

  /** No picture in particular; null while too few are known. */
  get mean(): ImageFeatures | null {
    if (this.#pictures.length < fewest) return null;
    this.#mean ??= meanFeatures(this.#pictures.map(({ features }) => features));
    return this.#mean;
  }

  /** A picture drawn at random that is not this one; null where there is none. */
  other(pictureId: string): KnownPicture | null {
    const others = this.#pictures.filter((each) => each.pictureId !== pictureId);
    return others[Math.floor(this.#random() * others.length)] ?? null;
  }
}
