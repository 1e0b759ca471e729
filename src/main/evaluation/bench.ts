import type { RgbImage } from '#main/med/image.ts';
import type { CaptionOptions, ImageFeatures, MedModel } from '#main/med/med-model.ts';

const encoderBatches = [1, 8, 32] as const;
const captionBatches = [1, 8] as const;
const textBatches = [1, 32] as const;
/** Photos that one text is matched with at a time, as in re-ranking a search. */
const pairBatch = 32;
const text = 'two people walk a brown dog along a sandy beach';
const width = 1000;
const height = 750;

/** Speed at a batch size, in photos, texts, captions or pairs a second. */
export interface Rate {
  readonly batch: number;
  readonly perSecond: number;
}

export interface BenchResult {
  /** Milliseconds to resize and normalise one picture of 1000 x 750. */
  readonly preprocessMs: number;
  readonly imageEncoder: readonly Rate[];
  readonly textEncoder: readonly Rate[];
  /** Captions of the length that the model gives to noise, by way of decoding. */
  readonly greedy: readonly Rate[];
  readonly beam3: readonly Rate[];
  /** Matches of one text with photos whose features are known. */
  readonly pairs: Rate;
}

export interface BenchOptions {
  readonly model: MedModel;
  /** How long each figure is measured, after one call to warm up. */
  readonly seconds: number;
  readonly onProgress?: (figure: string) => void;
}

/** Measures a model's stages on pictures of noise. Every rate is of the median call. */
export async function bench({ model, seconds, onProgress }: BenchOptions): Promise<BenchResult> {
  const picture = noise();
  const pixels = model.preprocess(picture);
  const [{ features }] = await model.embedImages([pixels]);
  const measure = async (figure: string, batch: number, call: () => Promise<unknown>) => {
    onProgress?.(`${figure}, batch ${batch}`);
    return { batch, perSecond: (1000 * batch) / (await medianMs(call, seconds)) };
  };
  const rates = async (
    figure: string,
    batches: readonly number[],
    callOf: (batch: number) => () => Promise<unknown>,
  ) => {
    const measured: Rate[] = [];
    for (const batch of batches) measured.push(await measure(figure, batch, callOf(batch)));
    return measured;
  };
  const caption = (options: CaptionOptions) => (batch: number) => {
    const photos = copies(features, batch);
    return () => model.caption(photos, options);
  };
  onProgress?.('preprocessing');
  return {
    preprocessMs: await medianMs(async () => model.preprocess(picture), seconds),
    imageEncoder: await rates('image encoder', encoderBatches, (batch) => {
      const photos = Array.from({ length: batch }, () => pixels);
      return () => model.embedImages(photos);
    }),
    textEncoder: await rates('text encoder', textBatches, (batch) => {
      const texts = Array.from({ length: batch }, () => text);
      return () => model.embedTexts(texts);
    }),
    greedy: await rates('captions, greedy', captionBatches, caption({ method: 'greedy' })),
    beam3: await rates('captions, 3 beams', captionBatches, caption({ method: 'beam', beams: 3 })),
    pairs: await measure('matching', pairBatch, () =>
      model.match(
        copies(features, pairBatch),
        Array.from({ length: pairBatch }, () => text),
      ),
    ),
  };
}

/** Photos that are equal but not the same one, so that a model cannot share their work. */
function copies({ patches }: ImageFeatures, count: number): ImageFeatures[] {
  return Array.from({ length: count }, () => ({ patches: patches.slice() }));
}

function noise(): RgbImage {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { width, height, data };
}

/** The median time of a call in milliseconds, over `seconds` and at least three calls. */
async function medianMs(call: () => Promise<unknown>, seconds: number): Promise<number> {
  await call();
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}
