/** What one image encoder takes: 8-bit RGB `[imageSize, imageSize, 3]`, interleaved. */
export type Pixels = Uint8Array;

/** A photo for the two image encoders of a model that is put together of two. */
export class PixelPair {
  readonly matching: PhotoInput;
  readonly captioning: PhotoInput;

  constructor(matching: PhotoInput, captioning: PhotoInput) {
    this.matching = matching;
    this.captioning = captioning;
  }
}

/** A photo as the image encoders of the model take it that prepared it. */
export type PhotoInput = Pixels | PixelPair;
