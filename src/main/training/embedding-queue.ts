/** Embeddings of earlier batches by the momentum encoders, the newest ones up to a number (MoCo, He et al. 2020). */
export class EmbeddingQueue {
  readonly #capacity: number;
  readonly #size: number;
  images = new Float32Array();
  texts = new Float32Array();
  /** Of each, its photo. */
  photos: readonly number[] = [];

  /** @param size numbers of an embedding */
  constructor(capacity: number, size: number) {
    this.#capacity = capacity;
    this.#size = size;
  }

  /** Goes on from what another queue held. */
  restore(images: Float32Array, texts: Float32Array, photos: readonly number[]): void {
    this.images = Float32Array.from(images);
    this.texts = Float32Array.from(texts);
    this.photos = photos;
  }

  add(images: Float32Array, texts: Float32Array, photos: readonly number[]): void {
    const all = [...this.photos, ...photos];
    this.photos = all.slice(Math.max(0, all.length - this.#capacity));
    const kept = this.photos.length * this.#size;
    this.images = last(endToEnd(this.images, images), kept);
    this.texts = last(endToEnd(this.texts, texts), kept);
  }
}

/** Two lists of numbers as one. */
export function endToEnd(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function last(numbers: Float32Array<ArrayBuffer>, count: number): Float32Array<ArrayBuffer> {
  return numbers.slice(numbers.length - count);
}
