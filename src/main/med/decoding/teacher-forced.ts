import type { PhotoDecoder } from './generate.ts';

/**
 * Next-token logits after each of `tokens`, fed one at a time as a search would: for each photo
 * `[tokens, vocabulary]` row-major.
 */
export async function teacherForced(
  decoder: PhotoDecoder,
  photos: number,
  tokens: readonly number[],
): Promise<Float32Array[]> {
  const width = decoder.vocabularySize;
  const scores = Array.from({ length: photos }, () => new Float32Array(tokens.length * width));
  for (const [position, token] of tokens.entries()) {
    const { logits } =
      position === 0
        ? await decoder.prefill([token])
        : await decoder.step(scores.map((_, photo) => ({ parent: photo, token })));
    scores.forEach((rows, photo) => {
      rows.set(logits.subarray(photo * width, (photo + 1) * width), position * width);
    });
  }
  return scores;
}
