/** A decoded picture: 8-bit RGB, rows top to bottom, no padding, already the right way up. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` bytes, interleaved. */
  readonly data: Uint8Array;
}
