import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { medianMs } from '#main/evaluation/median-ms.ts';
import { memoryMeter, type MemoryPeaks } from '#main/evaluation/memory-meter.ts';
import { noisePicture } from '#main/evaluation/noise-picture.ts';
import { modelRoleOf } from '#main/med/adapter/adapter-card.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { patchNumbers } from '#main/med/model/features.ts';
import { graphModel } from '#main/med/model/load.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import { kernelRuns } from '#main/runtime/profile.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import type { DeviceChoice, DeviceStatus, FloatType } from '#shared/schemas/model.ts';
import { openBenchRun, type BenchRunOptions } from './bench-run.ts';
import { busTraffic, type BusTraffic } from './bus-traffic.ts';
import { mostStepsOf } from './steps-per-run.ts';
import type { TrainableSet } from './parameters/trainable-set.ts';
import { recipeFor, rolesOf, type Objective } from './recipe.ts';

/** Steps of one kind of training: the gradients of a batch and the update. */
export interface TrainingRate {
  readonly objective: Objective;
  readonly trainable: TrainableSet;
  /** Pairs of a photo and a caption a step. */
  readonly batch: number;
  /** Numbers that are trained. */
  readonly trained: number;
  readonly stepsPerRun: number;
  /** Of a step in the median run. */
  readonly milliseconds: number;
  /** Null unless it was asked for. */
  readonly bus: BusTraffic | null;
}

export interface TrainingBench extends MemoryPeaks {
  readonly model: string;
  readonly device: DeviceStatus;
  readonly rates: readonly TrainingRate[];
}

export interface TrainingBenchOptions {
  readonly modelFolder: string;
  readonly device: DeviceChoice;
  readonly objectives: readonly Objective[];
  readonly trainable: readonly TrainableSet[];
  readonly batch: number;
  /** What weights and activations are computed in. */
  readonly dtype: FloatType;
  /** As many as the device can hold, at most. */
  readonly stepsPerRun: number;
  /** Whether copies between memory and the device are counted too. */
  readonly profile: boolean;
  /** How long each figure is measured. */
  readonly seconds: number;
  readonly onProgress?: (figure: string) => void;
}

/**
 * Measures steps of training with the image encoder frozen: its features of a picture of noise lie in
 * memory, as those of a photo do while a training runs. The PyTorch counterpart is
 * `tools/bench/pytorch_train.py`. What a model has no part for is left out.
 */
export async function benchTraining(options: TrainingBenchOptions): Promise<TrainingBench> {
  const { batch, dtype, seconds, onProgress } = options;
  const memory = await memoryMeter();
  const checkpoint = await openCheckpoint(options.modelFolder);
  const device = await chooseDevice({ requested: options.device, dtype }, probeModels());
  const stepsPerRun = Math.min(options.stepsPerRun, mostStepsOf(device.provider));
  onProgress?.('loading');
  const patches = await noiseFeatures(checkpoint, device, batch * stepsPerRun);
  const rates: TrainingRate[] = [];
  for (const objective of options.objectives.filter((each) => isPossible(checkpoint, each))) {
    for (const trainable of options.trainable) {
      onProgress?.(`${objective}, ${trainable}`);
      const recipe = recipeFor(objective, trainable, { batch, dtype });
      const what = { checkpoint, device, recipe, patches, stepsPerRun };
      const open = await openBenchRun(what);
      try {
        const milliseconds = (await medianMs(open.run, seconds)) / stepsPerRun;
        await memory.sample();
        const bus = options.profile ? await profiledTraffic(what) : null;
        const { trained } = open;
        rates.push({ objective, trainable, batch, stepsPerRun, trained, milliseconds, bus });
      } finally {
        await open.release();
      }
    }
  }
  return { model: checkpoint.id, device, rates, ...memory.peaks() };
}

function isPossible({ roles }: Checkpoint, objective: Objective): boolean {
  return rolesOf[objective].every((role) => roles[modelRoleOf[role]]);
}

/** Features of a picture of noise, as those of so many photos. */
async function noiseFeatures(
  checkpoint: Checkpoint,
  device: DeviceStatus,
  photos: number,
): Promise<Float32Array> {
  const model = await graphModel(checkpoint, device);
  try {
    const input = preprocess(model, noisePicture(512, 512));
    const [{ features }] = await model.embedImages([input]);
    const one = Float32Array.from(patchNumbers(features));
    const data = new Float32Array(photos * one.length);
    for (let photo = 0; photo < photos; photo++) data.set(one, photo * one.length);
    return data;
  } finally {
    await model.dispose();
  }
}

/** Runs after the first of a session that are looked at. */
const profiledRuns = 2;
/** The most steps of a profiled run: what crosses with each shows by two, and a profile of many is gigabytes. */
const profiledSteps = 2;

async function profiledTraffic(measured: BenchRunOptions): Promise<BusTraffic> {
  const stepsPerRun = Math.min(profiledSteps, measured.stepsPerRun);
  const size = (measured.patches.length / measured.stepsPerRun) * stepsPerRun;
  const what = { ...measured, stepsPerRun, patches: measured.patches.subarray(0, size) };
  const folder = await mkdtemp(join(tmpdir(), 'medley-profile-'));
  try {
    const open = await openBenchRun({ ...what, profile: join(folder, 'training') });
    try {
      for (let run = 0; run < 1 + profiledRuns; run++) await open.run();
      open.endProfile();
    } finally {
      await open.release();
    }
    const [profile] = await readdir(folder);
    const kernels = await kernelRuns(join(folder, profile));
    return busTraffic(kernels, { runs: profiledRuns, steps: what.stepsPerRun });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
