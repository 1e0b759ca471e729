import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import { cosines } from '#main/evaluation/retrieval.ts';
import { temperatureBounds } from '../graphs/matching-losses.ts';
import type { OpenedTraining } from '../opened-training.ts';
import { measuredPhotos, modelWith } from '../trained-model.ts';

const steps = 40;

/**
 * The temperature at which the contrastive loss of a model's own embeddings is least: checkpoints do
 * not all say theirs, and a wrong one would cost the first steps.
 *
 * @param images unit embeddings of photos, `texts` of a caption of each
 */
export function startTemperature(
  images: readonly Float32Array[],
  texts: readonly Float32Array[],
): number {
  const rows = images.map((image) => cosines(image, texts));
  const [low, high] = temperatureBounds;
  const candidates = Array.from(
    { length: steps },
    (_, i) => low * (high / low) ** (i / (steps - 1)),
  );
  const loss = (temperature: number) =>
    rows.reduce((sum, row, i) => {
      const peak = Math.max(...row);
      const total = row.reduce((all, value) => all + Math.exp((value - peak) / temperature), 0);
      return sum + Math.log(total) - (row[i] - peak) / temperature;
    }, 0);
  return candidates.reduce((best, each) => (loss(each) < loss(best) ? each : best));
}

/** {@link startTemperature} from a caption each of the first photos that are trained on. */
export async function fittingTemperature(opened: OpenedTraining, photos: number): Promise<number> {
  const values = new Map<string, WrittenTensor>();
  const some = await measuredPhotos(opened, opened.train.slice(0, photos), values);
  const model = await modelWith(opened, values);
  try {
    const texts = await model.embedTexts(some.map(({ captions }) => captions[0]));
    return startTemperature(
      some.map(({ embedding }) => embedding),
      texts,
    );
  } finally {
    await model.dispose();
  }
}
