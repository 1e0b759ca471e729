import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BenchResult } from '#main/evaluation/bench.ts';
import { stages, type Stage } from '#main/evaluation/bench-stages.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import { addCommonOptions, wholeNumber, type CommonOptions } from '../command-options.ts';
import { log, printResult } from '../output.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly seconds: number;
  readonly stages?: readonly Stage[];
  readonly maxBatch?: number;
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
    .option('--max-batch <n>', 'leave larger batches out', wholeNumber(1));
  addCommonOptions(command).action((options: Options) =>
    runCommand(async (signal) =>
      printResult(await measure(options, signal), options.json, describe),
    ),
  );
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
  const {
    model,
    captioner,
    imageSize,
    device,
    loadSeconds,
    preprocessMs,
    rates,
    peakBytes,
    gpuBytes,
  } = result;
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
    row(
      'memory',
      `${formatBytes(peakBytes)} at most${gpuBytes === null ? '' : `, ${formatBytes(gpuBytes)} on the GPU`}`,
    ),
  ].join('\n');
}
