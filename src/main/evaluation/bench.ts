import type { MedModel } from '#main/med/model/med-model.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import { stagesOf, type Stage } from './bench-stages.ts';
import { medianMs } from './median-ms.ts';
import { memoryMeter, type MemoryPeaks } from './memory-meter.ts';
import { noisePicture } from './noise-picture.ts';

/** Photos, texts, captions or pairs a second at a batch size: that of the median call. */
export interface Rate {
  readonly stage: Stage;
  readonly batch: number;
  readonly perSecond: number;
}

export interface BenchResult extends MemoryPeaks {
  readonly model: string;
  /** Id of what writes the captions, where that is a checkpoint of its own. */
  readonly captioner: string | null;
  /** Side of the photos as the model sees them, in pixels. */
  readonly imageSize: number;
  readonly device: DeviceStatus;
  /** From nothing to a first answer of every stage, in seconds. */
  readonly loadSeconds: number;
  /** Milliseconds to resize and normalise one picture of 1000 x 750. */
  readonly preprocessMs: number;
  readonly rates: readonly Rate[];
}

export interface BenchOptions {
  readonly load: () => Promise<MedModel>;
  /** How long each figure is measured, after one call to warm up and for at least three calls. */
  readonly seconds: number;
  /** Left out, every stage the model can do. */
  readonly stages?: readonly Stage[];
  /** Larger batches are left out. */
  readonly maxBatch?: number;
  readonly onProgress?: (figure: string) => void;
}

/** Measures a model's stages on a picture of noise, and what loading it takes. */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { load, seconds, maxBatch = Infinity, onProgress } = options;
  const memory = await memoryMeter();
  onProgress?.('loading');
  const start = performance.now();
  const model = await load();
  try {
    const picture = noisePicture(1000, 750);
    const runs = stagesOf(model, preprocess(model, picture)).filter(
      ({ stage }) => options.stages?.includes(stage) ?? true,
    );
    for (const { prepare } of runs) await (await prepare(1))();
    const loadSeconds = (performance.now() - start) / 1000;
    const rates: Rate[] = [];
    for (const { stage, batches, prepare } of runs) {
      for (const batch of batches.filter((size) => size <= maxBatch)) {
        onProgress?.(`${stage}, batch ${batch}`);
        const milliseconds = await medianMs(await prepare(batch), seconds);
        rates.push({ stage, batch, perSecond: (1000 * batch) / milliseconds });
        await memory.sample();
      }
    }
    onProgress?.('preprocessing');
    return {
      model: model.info.id,
      captioner: model.info.captioner?.id ?? null,
      imageSize: model.info.imageSize,
      device: model.device,
      loadSeconds,
      preprocessMs: await medianMs(async () => preprocess(model, picture), seconds),
      rates,
      ...memory.peaks(),
    };
  } finally {
    await model.dispose();
  }
}
