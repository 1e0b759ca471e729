import { bytesOf, ownCopy } from '#main/med/model/features.ts';
import type { ImageFeatures } from '#main/med/model/med-model.ts';

/** Patch features of the photos used last, bounded by bytes. Belongs to one model. */
export class FeatureCache {
  readonly maxBytes: number;
  readonly #entries = new Map<string, ImageFeatures>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(photoId: string): boolean {
    return this.#entries.has(photoId);
  }

  get(photoId: string): ImageFeatures | undefined {
    const features = this.#entries.get(photoId);
    if (!features) return undefined;
    // A Map iterates in order of insertion, so the first entry is the one used longest ago.
    this.#entries.delete(photoId);
    this.#entries.set(photoId, features);
    return features;
  }

  set(photoId: string, features: ImageFeatures): void {
    this.delete(photoId);
    const own = ownCopy(features);
    this.#entries.set(photoId, own);
    this.#bytes += bytesOf(own);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.maxBytes || oldest === photoId) break;
      this.delete(oldest);
    }
  }

  delete(photoId: string): void {
    const known = this.#entries.get(photoId);
    if (known) this.#bytes -= bytesOf(known);
    this.#entries.delete(photoId);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}
