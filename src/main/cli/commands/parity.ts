import { Option, type Command } from 'commander';
import type { OutputErrors } from '#main/evaluation/reference.ts';
import type { ParityResult } from '#main/evaluation/parity.ts';
import { DeviceChoice, Dtype, type DeviceStatus } from '#shared/schemas/model.ts';
import { log, printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';

interface Options {
  readonly device: DeviceChoice;
  readonly dtype: Dtype;
  readonly json: boolean;
}

interface ParityOutput extends ParityResult {
  readonly model: string;
  readonly device: DeviceStatus;
}

export function addParityCommand(program: Command): void {
  program
    .command('parity')
    .description('compare a model with the reference in its folder, output by output')
    .argument('<folder>', 'checkpoint folder with reference/ in it (tools/reference)', givenPath)
    .addOption(
      new Option('--device <device>', 'what runs the model')
        .choices(DeviceChoice.options)
        .default('auto'),
    )
    .addOption(
      new Option('--dtype <type>', 'what it computes in').choices(Dtype.options).default('f32'),
    )
    .option('--json', 'one JSON document on stdout; progress and logs on stderr', false)
    .action((folder: string, options: Options) =>
      runCommand(async (signal) => {
        const result = await unlessAborted(signal, measure(folder, options));
        await printResult(result, options.json, describe);
        if (!result.passed) process.exitCode = 1;
      }),
    );
}

async function measure(folder: string, { device, dtype }: Options): Promise<ParityOutput> {
  const { parity } = await import('#main/evaluation/parity.ts');
  const { loadModel } = await import('#main/med/model/load.ts');
  const model = await loadModel({ folder, device, dtype });
  try {
    log(`Running ${model.info.name} on ${model.device.provider}, ${model.device.dtype}…`);
    return { model: model.info.id, device: model.device, ...(await parity(model)) };
  } finally {
    await model.dispose();
  }
}

function describe(result: ParityOutput): string {
  const { model, device, by, bar, outputs, sequences, passed, yardstickOn } = result;
  const measure = bar.measure === 'maxAbs' ? 'max abs' : 'max relative';
  return [
    `${model} on ${device.provider}, ${device.dtype}, against ${by}`,
    `bar: ${measure} below ${bar.below}${device.dtype === 'f32' ? ', tokens identical' : ''}`,
    row('', ['max abs', 'max relative', 'rms', ''], yardstickOn && `f16 of the reference itself`),
    ...outputs.map(({ name, passed: good, yardstick, ...errors }) =>
      row(
        name,
        [...figures(errors), good ? '' : 'FAILS'],
        yardstick && figures(yardstick).join('  '),
      ),
    ),
    ...sequences.map(({ name, identical, photos, yardstick }) =>
      row(
        name,
        [`${identical} of ${photos} photos identical`],
        yardstick === null ? null : yardstick ? 'identical' : 'not identical',
      ),
    ),
    passed ? 'PASSED' : 'FAILED',
  ].join('\n');
}

function figures({ maxAbs, maxRelative, rms }: OutputErrors): string[] {
  return [maxAbs, maxRelative, rms].map((figure) => figure.toExponential(1));
}

function row(name: string, cells: readonly string[], aside: string | null): string {
  const body = cells.map((cell) => cell.padStart(12)).join(' ');
  return `${name.padEnd(24)} ${body}${aside === null ? '' : `  | ${aside}`}`.trimEnd();
}
