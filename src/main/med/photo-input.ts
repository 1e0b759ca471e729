/** What one image encoder takes: f32 `[3, imageSize, imageSize]`. */
export type Pixels = Float32Array;

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
