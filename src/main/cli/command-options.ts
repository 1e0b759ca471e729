import { InvalidArgumentError, Option, type Command } from 'commander';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { DeviceChoice, Dtype } from '#shared/schemas/model.ts';
import { findModelFolder } from '#main/models/find-model.ts';
import { starterName } from '#main/models/models-home.ts';
import { openModelsHome } from './models-home.ts';
import { givenPath } from './project-paths.ts';

/** What every command takes. */
export interface CommonOptions {
  /** A listed model's name, a hub id that was downloaded, or a checkpoint folder. */
  readonly model: string;
  /** The same of what writes captions, where that is a checkpoint of its own. */
  readonly captioner?: string;
  readonly imageSize?: number;
  /** Files of adapters of the model; of commands that load it themselves ({@link addAdapterOption}). */
  readonly adapter?: readonly string[];
  readonly device: DeviceChoice;
  readonly dtype: Dtype | 'auto';
  /** One JSON document on stdout instead of text for people. */
  readonly json: boolean;
}

/** The options `--model`, `--device` and `--json`. */
export const modelOption = () =>
  new Option('--model <model>', 'a name of "medley model list", or a folder').default(
    starterName,
    'the model that ships with Medley',
  );
export const deviceOption = () =>
  new Option('--device <device>', 'what runs the model')
    .choices(DeviceChoice.options)
    .default('auto');
export const jsonOption = () =>
  new Option('--json', 'one JSON document on stdout; progress and logs on stderr').default(false);

export function addCommonOptions(command: Command): Command {
  return command
    .addOption(modelOption())
    .option('--captioner <model>', 'another model that writes the captions')
    .option('--image-size <pixels>', 'side at which the model sees photos', wholeNumber(1, 4096))
    .addOption(deviceOption())
    .addOption(
      new Option('--dtype <type>', 'what it computes in')
        .choices(['auto', ...Dtype.options])
        .default('auto', 'what suits the model and the device'),
    )
    .addOption(jsonOption());
}

/** `--adapter`, for commands that load the model in their own process. */
export function addAdapterOption(command: Command): Command {
  return command.option(
    '--adapter <file>',
    'what "medley train" made for this model; again for another one of it',
    (file: string, before: readonly string[] = []) => [...before, givenPath(file)],
  );
}

/**
 * The checkpoint folder that `--model` means.
 *
 * @throws MedleyError `model-unknown`
 */
export function modelFolderOf({ model }: Pick<CommonOptions, 'model'>): Promise<string> {
  return findModelFolder(openModelsHome(), model, givenPath);
}

/** The type that `--dtype` asks for; empty where it leaves the choice. */
export function dtypeOf({ dtype }: Pick<CommonOptions, 'dtype'>): { dtype?: Dtype } {
  return dtype === 'auto' ? {} : { dtype };
}

/**
 * What was given beside `--model` to say which model is meant.
 *
 * @throws MedleyError `model-unknown`
 */
export async function modelPartsOf({
  captioner,
  imageSize,
}: CommonOptions): Promise<{ captionerFolder?: string; imageSize?: number }> {
  return {
    ...(captioner === undefined
      ? {}
      : { captionerFolder: await modelFolderOf({ model: captioner }) }),
    ...(imageSize === undefined ? {} : { imageSize }),
  };
}

/**
 * What an engine on a library is told. Model and device are left to the library's settings unless
 * the person named them.
 */
export async function engineOptions(
  command: Command,
  options: CommonOptions & { readonly library: string },
): Promise<EngineProcessOptions> {
  const { library, model, device } = options;
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  return {
    libraryFolder: library,
    ...(given('model') ? { modelFolder: await modelFolderOf({ model }) } : {}),
    ...(await modelPartsOf(options)),
    ...(given('device') ? { device } : {}),
    ...dtypeOf(options),
  };
}

/** A parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    throw new InvalidArgumentError(`It takes a whole number, ${range}.`);
  };
}

/** Parses a number from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It takes a number from 0 to 1.');
}

/** Parses a probability above 0, at most 1. */
export function probability(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It takes a number above 0, at most 1.');
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It takes a number above 0.');
}
