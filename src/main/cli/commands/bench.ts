import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BenchResult } from '#main/evaluation/bench.ts';
import { stages, type Stage } from '#main/evaluation/bench-stages.ts';
import { MedleyError } from '#shared/errors.ts';
import type { FloatType } from '#shared/schemas/model.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import { Objective } from '#main/training/recipe.ts';
import { TrainableSet } from '#main/training/parameters/trainable-set.ts';
import type { BusTraffic, Copies } from '#main/training/bus-traffic.ts';
import type { TrainingBench } from '#main/training/bench-training.ts';
import type { MemoryPeaks } from '#main/evaluation/memory-meter.ts';
import {
  addAdapterOption,
  addCommonOptions,
  modelFolderOf,
  wholeNumber,
  type CommonOptions,
} from '../command-options.ts';
import { describeSearchBench, describeSearchFigures } from '../search-bench-text.ts';
import { log, print, printResult } from '../output.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly seconds: number;
  readonly stages?: readonly Stage[];
  readonly maxBatch?: number;
  readonly train: boolean;
  readonly objectives: readonly Objective[];
  readonly trainable: readonly TrainableSet[];
  readonly batch: number;
  readonly stepsPerRun: number;
  readonly profile: boolean;
  readonly search?: readonly number[];
  readonly rounds: number;
}

/** What a rate counts, a second. */
const units: Readonly<Record<Stage, string>> = {
  vision: 'photos',
  texts: 'texts',
  greedy: 'captions',
  beam3: 'captions',
  'pairs-pixels': 'pairs',
  'pairs-features': 'pairs',
};

export function addBenchCommand(program: Command): void {
  const command = program
    .command('bench')
    .description('measure speed, load time and memory of the model on this machine')
    .option('--seconds <n>', 'how long to measure each figure', parseSeconds, 3)
    .addOption(new Option('--stages <stages...>', 'what to measure').choices(stages))
    .option('--max-batch <n>', 'leave larger batches out', wholeNumber(1))
    .option('--train', 'measure steps of training instead', false)
    .addOption(
      new Option('--objectives <objectives...>', 'with --train: what for')
        .choices(Objective.options)
        .default(['captioning', 'retrieval', 'all']),
    )
    .addOption(
      new Option('--trainable <sets...>', 'with --train: what is trained')
        .choices(TrainableSet.options)
        .default(['lora', 'text']),
    )
    .option('--batch <n>', 'with --train: photos a step', wholeNumber(2, 1024), 32)
    .option('--steps-per-run <n>', 'with --train: steps in one run', wholeNumber(1, 256), 1)
    .option('--profile', 'with --train: count what crosses the bus to the device', false)
    .option(
      '--search <photos...>',
      'measure searching libraries of as many photos instead, without a model',
      (text: string, before: readonly number[] | undefined) => [
        ...(before ?? []),
        wholeNumber(1, 10_000_000)(text),
      ],
    )
    .option('--rounds <n>', 'searches for each figure of --search', wholeNumber(1, 10_000), 50);
  addAdapterOption(addCommonOptions(command)).action((options: Options) =>
    runCommand(async (signal) => {
      if (options.search !== undefined) await printSearch(options.search, options, signal);
      else if (options.train)
        await printResult(await measureTraining(options, signal), options.json, describeTraining);
      else await printResult(await measure(options, signal), options.json, describe);
    }),
  );
}

async function printSearch(
  sizes: readonly number[],
  { rounds, json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const { benchSearch } = await import('#main/evaluation/bench-search.ts');
  const found = await benchSearch(
    sizes,
    rounds,
    (figure) => {
      signal.throwIfAborted();
      log(`Measuring ${figure}…`);
    },
    // The largest can take many minutes: what is known is there before.
    async (size) => {
      if (!json) await print(describeSearchFigures(size));
    },
  );
  await printResult(found, json, describeSearchBench);
}

async function measureTraining(options: Options, signal: AbortSignal): Promise<TrainingBench> {
  const { benchTraining } = await import('#main/training/bench-training.ts');
  return benchTraining({
    ...options,
    dtype: trainingType(options),
    modelFolder: await modelFolderOf(options),
    onProgress: (figure) => {
      signal.throwIfAborted();
      log(`Measuring ${figure}…`);
    },
  });
}

/** @throws MedleyError `bad-request` for a type that has no gradients */
function trainingType({ dtype }: Options): FloatType {
  if (dtype !== 'int8') return dtype === 'auto' ? 'f32' : dtype;
  throw new MedleyError('bad-request', 'Steps of training are computed in f32 or f16.', {
    subject: '--dtype',
  });
}

function describeTraining({ model, device, rates, ...memory }: TrainingBench): string {
  return [
    `Training ${model} on ${device.provider}, ${device.dtype}, the image encoder frozen. ${device.reason}`,
    ...rates.flatMap(({ objective, trainable, batch, trained, milliseconds, bus }) => {
      const size = `${(trained / 1e6).toFixed(2)} M trained, batch ${batch}`;
      const name = `${objective}, ${trainable}`.padEnd(18);
      const rate = `${milliseconds.toFixed(0)} ms a step, ${(1000 / milliseconds).toFixed(2)} steps/s`;
      return [`${name} ${rate} (${size})`, ...(bus === null ? [] : busLines(bus, trained))];
    }),
    `memory ${memoryWords(memory)}`,
  ].join('\n');
}

function busLines({ loopOnDevice, everyStep, everyRun }: BusTraffic, trained: number): string[] {
  const words = ({ count, bytes, largest }: Copies) =>
    `${count.toFixed(0)} copies, ${formatBytes(bytes)}, the largest ${formatBytes(largest)}`;
  const bytes = trained * Float32Array.BYTES_PER_ELEMENT;
  const verdict = !loopOnDevice
    ? 'The steps are looped over on the CPU: what is trained lies in memory between them.'
    : everyStep.bytes < bytes
      ? `What is trained (${formatBytes(bytes)}) stays on the device from step to step.`
      : `As much as is trained (${formatBytes(bytes)}) crosses the bus at every step.`;
  return [
    `  every step ${words(everyStep)}; besides, every run ${words(everyRun)}`,
    `  ${verdict}`,
  ];
}

async function measure(options: Options, signal: AbortSignal): Promise<BenchResult> {
  const { bench } = await import('#main/evaluation/bench.ts');
  const { loadModel } = await import('#main/med/model/load.ts');
  const { loadOptionsOf } = await import('../opened-model.ts');
  const choice = await loadOptionsOf(options);
  const { seconds, maxBatch } = options;
  return bench({
    load: () => loadModel(choice),
    seconds,
    ...(options.stages !== undefined && { stages: options.stages }),
    ...(maxBatch !== undefined && { maxBatch }),
    onProgress: (figure) => {
      signal.throwIfAborted();
      log(`Measuring ${figure}…`);
    },
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= 600) return seconds;
  throw new InvalidArgumentError('It takes a number of seconds, up to 600.');
}

function describe(result: BenchResult): string {
  const { model, captioner, imageSize, device, loadSeconds, preprocessMs, rates } = result;
  const measured = new Set(rates.map(({ stage }) => stage));
  const row = (name: string, value: string) => `${name.padEnd(15)} ${value}`;
  return [
    `${[model, ...(captioner === null ? [] : [captioner])].join(' + ')} at ${imageSize} pixels on ${device.provider}, ${device.dtype}. ${device.reason}`,
    ...[...measured].map((stage) => {
      const figures = rates
        .filter((rate) => rate.stage === stage)
        .map(({ batch, perSecond }) => `${perSecond.toFixed(1)} (batch ${batch})`);
      return row(stage, `${figures.join(', ')} ${units[stage]}/s`);
    }),
    row('preprocessing', `${preprocessMs.toFixed(1)} ms a photo`),
    row('loading', `${loadSeconds.toFixed(1)} s to the first answers`),
    row('memory', memoryWords(result)),
  ].join('\n');
}

function memoryWords({ peakBytes, gpuBytes }: MemoryPeaks): string {
  const gpu = gpuBytes === null ? '' : `, ${formatBytes(gpuBytes)} on the GPU`;
  return `${formatBytes(peakBytes)} at most${gpu}`;
}
