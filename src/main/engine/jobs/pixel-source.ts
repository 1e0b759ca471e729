import type { RgbImage } from '#main/med/image.ts';

/** Bytes of decoded pictures kept between import and embedding. */
const handOverBytes = 128 * 2 ** 20;

/**
 * The pictures the model is about to see. A photo just imported is handed over, so that it is not
 * decoded twice; any other is decoded from its file, ahead of the model where it was announced.
 */
export class PixelSource {
  readonly #decode: (photoId: string) => Promise<RgbImage>;
  readonly #handedOver = new Map<string, RgbImage>();
  readonly #ahead = new Map<string, Promise<RgbImage>>();
  #bytes = 0;
  #onRoom: (() => void)[] = [];

  constructor(decode: (photoId: string) => Promise<RgbImage>) {
    this.#decode = decode;
  }

  /** Keeps a picture just decoded until the model takes it. */
  handOver(photoId: string, image: RgbImage): void {
    if (this.#handedOver.has(photoId)) return;
    this.#handedOver.set(photoId, image);
    this.#bytes += image.data.byteLength;
  }

  /** Whether no more pictures should be handed over before some are taken. */
  get full(): boolean {
    return this.#bytes >= handOverBytes;
  }

  /** Waits until there is room for more pictures. */
  async room(): Promise<void> {
    while (this.full) {
      await new Promise<void>((resolve) => this.#onRoom.push(resolve));
    }
  }

  /** Begins to decode photos that will be taken next. */
  prefetch(photoIds: Iterable<string>): void {
    for (const id of photoIds) {
      if (this.#handedOver.has(id) || this.#ahead.has(id)) continue;
      const decoding = this.#decode(id);
      // The failure belongs to whoever takes the photo.
      decoding.catch(() => {});
      this.#ahead.set(id, decoding);
    }
  }

  /**
   * Hands a picture out, once.
   * @throws {MedleyError} when its file cannot be decoded any more.
   */
  async take(photoId: string): Promise<RgbImage> {
    const ready = this.#handedOver.get(photoId);
    this.drop(photoId);
    if (ready) return ready;
    const decoding = this.#ahead.get(photoId) ?? this.#decode(photoId);
    this.#ahead.delete(photoId);
    return decoding;
  }

  /** Forgets the picture of a photo that nothing will take. */
  drop(photoId: string): void {
    this.#bytes -= this.#handedOver.get(photoId)?.data.byteLength ?? 0;
    this.#handedOver.delete(photoId);
    for (const resolve of this.#onRoom.splice(0)) resolve();
  }

  /** Forgets everything held. */
  clear(): void {
    this.#ahead.clear();
    for (const id of [...this.#handedOver.keys()]) this.drop(id);
  }
}
