import type { RgbImage } from '#main/med/preprocess/image.ts';

/** A picture of noise, always the same. */
export function noisePicture(width: number, height: number): RgbImage {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { width, height, data };
}
