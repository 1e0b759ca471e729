import type { Command } from 'commander';
import type { CaptionOptions, MedModel } from '#main/med/model/med-model.ts';
import { messageOf } from '#shared/errors.ts';
import { fitsFrom } from '#shared/unsure.ts';
import {
  addAdapterOption,
  addCommonOptions,
  probability,
  wholeNumber,
  type CommonOptions,
} from '../command-options.ts';
import { log, printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly beams?: number;
  readonly nucleus?: number;
  readonly samples: number;
  readonly seed: number;
  readonly prompt?: string;
}

interface CaptionedPhoto {
  readonly file: string;
  readonly captions: readonly {
    readonly text: string;
    /** Sum of the log-probabilities of the tokens. */
    readonly logprob: number;
    /** Match probability of caption and photo; null where the model does not match. */
    readonly itm: number | null;
  }[];
}

export function addCaptionCommand(program: Command): void {
  const command = program
    .command('caption')
    .description('write captions for photos')
    .argument('<photo...>', 'picture files')
    .option('--beams <n>', 'beam search of this width (the default)', wholeNumber(1, 16))
    .option('--nucleus <p>', 'nucleus sampling of this mass', probability)
    .option('--samples <n>', 'captions a photo, with --nucleus', wholeNumber(1, 64), 1)
    .option('--seed <n>', 'of the samples', wholeNumber(0), 1)
    .option('--prompt <text>', 'how captions begin (default: as the model was trained)');
  addAdapterOption(addCommonOptions(command)).action((photos: string[], options: Options) => {
    if (options.beams !== undefined && options.nucleus !== undefined) {
      command.error('error: choose one of --beams and --nucleus');
    }
    return runCommand((signal) => captionPhotos(photos, options, signal));
  });
}

async function captionPhotos(
  photos: readonly string[],
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const { withModel } = await import('../opened-model.ts');
  const captioned = await withModel(options, async (model) => {
    const done: CaptionedPhoto[] = [];
    for (const photo of photos) {
      signal.throwIfAborted();
      try {
        done.push(await captionPhoto(model, photo, decodingOptions(options)));
      } catch (error) {
        const reason = messageOf(error);
        log(`medley: ${reason.includes(photo) ? '' : `${photo}: `}${reason}`);
        process.exitCode = 1;
      }
    }
    return done;
  });
  if (captioned.length > 0 || options.json) await printResult(captioned, options.json, describe);
}

async function captionPhoto(
  model: MedModel,
  photo: string,
  decoding: CaptionOptions,
): Promise<CaptionedPhoto> {
  const { embedFile } = await import('../opened-model.ts');
  const file = givenPath(photo);
  const { features } = await embedFile(model, file);
  const [captions] = await model.caption([features], decoding);
  const photos = captions.map(() => features);
  const texts = captions.map(({ text }) => text);
  const matches = model.info.roles.matching ? await model.match(photos, texts) : [];
  return {
    file,
    captions: captions.map(({ text, logprob }, i) => ({
      text,
      logprob,
      itm: matches[i]?.probability ?? null,
    })),
  };
}

function decodingOptions({ beams, nucleus, samples, seed, prompt }: Options): CaptionOptions {
  const start = prompt === undefined ? {} : { prompt };
  return nucleus === undefined
    ? { method: 'beam', ...(beams === undefined ? {} : { beams }), ...start }
    : { method: 'nucleus', topP: nucleus, samples, seed, ...start };
}

function describe(photos: readonly CaptionedPhoto[]): string {
  return photos
    .map(({ file, captions }) => {
      const lines = captions.map(({ text, itm }) =>
        itm === null
          ? `  ${text}`
          : `  ${text}  (${itm < fitsFrom ? 'unsure, ' : ''}fits ${percent(itm)})`,
      );
      return [file, ...lines].join('\n');
    })
    .join('\n');
}

function percent(probability: number): string {
  return `${Math.round(probability * 100)}%`;
}
