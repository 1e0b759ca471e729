import { InvalidArgumentError, type Command } from 'commander';
import type { BenchResult, Rate } from '#main/evaluation/bench.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import { addCommonOptions, type CommonOptions } from '../command-options.ts';
import { log, printResult } from '../output.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly seconds: number;
}

interface BenchOutput extends BenchResult {
  readonly model: string;
  readonly device: DeviceStatus;
}

export function addBenchCommand(program: Command): void {
  const command = program
    .command('bench')
    .description('measure the speed of the model on this machine')
    .option('--seconds <n>', 'how long to measure each figure', parseSeconds, 3);
  addCommonOptions(command).action((options: Options) =>
    runCommand(async (signal) =>
      printResult(await measure(options, signal), options.json, describe),
    ),
  );
}

async function measure(options: Options, signal: AbortSignal): Promise<BenchOutput> {
  const { bench } = await import('#main/evaluation/bench.ts');
  const { withModel } = await import('../opened-model.ts');
  return withModel(options, async (model) => {
    const onProgress = (figure: string) => {
      signal.throwIfAborted();
      log(`Measuring ${figure}…`);
    };
    const result = await bench({ model, seconds: options.seconds, onProgress });
    return { model: model.info.id, device: model.device, ...result };
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= 600) return seconds;
  throw new InvalidArgumentError('It takes a number of seconds, up to 600.');
}

function describe(result: BenchOutput): string {
  const { model, device, preprocessMs, imageEncoder, textEncoder, greedy, beam3, pairs } = result;
  return [
    `${model} on ${device.provider}, ${device.dtype}. ${device.reason}`,
    `preprocessing      ${preprocessMs.toFixed(1)} ms a photo`,
    describeRates('image encoder', 'photos', imageEncoder),
    describeRates('text encoder', 'texts', textEncoder),
    describeRates('captions, greedy', 'photos', greedy),
    describeRates('captions, 3 beams', 'photos', beam3),
    describeRates('matching', 'pairs', [pairs]),
  ].join('\n');
}

function describeRates(name: string, unit: string, rates: readonly Rate[]): string {
  const figures = rates.map(({ batch, perSecond }) => `${perSecond.toFixed(1)} (batch ${batch})`);
  return `${name.padEnd(18)} ${figures.join(', ')} ${unit}/s`;
}
