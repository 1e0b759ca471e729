import type { Command } from 'commander';
import { addAdapterOption, addCommonOptions, type CommonOptions } from '../command-options.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';

interface MatchResult {
  /** Cosine of photo and text. */
  readonly itc: number;
  /** Match probability. */
  readonly itm: number;
  readonly itmLogit: number;
  /** Words of the text that the model does not know. */
  readonly unknown: readonly string[];
  /** Whether it knows any that says something; else the figures mean nothing. */
  readonly understood: boolean;
}

export function addMatchCommand(program: Command): void {
  const command = program
    .command('match')
    .description('say how well a text fits a photo')
    .argument('<photo>', 'picture file')
    .argument('<text>', 'a sentence');
  addAdapterOption(addCommonOptions(command)).action(
    (photo: string, text: string, options: CommonOptions) =>
      runCommand(async (signal) => {
        const result = await unlessAborted(signal, match(photo, text, options));
        await printResult(result, options.json, describe);
      }),
  );
}

async function match(photo: string, text: string, options: CommonOptions): Promise<MatchResult> {
  const { requireText, understand } = await import('#main/search/understood.ts');
  requireText(text);
  const { embedFile, withModel } = await import('../opened-model.ts');
  return withModel(options, async (model) => {
    const { features, embedding } = await embedFile(model, givenPath(photo));
    const [textEmbedding] = await model.embedTexts([text]);
    const [{ logit, probability }] = await model.match([features], [text]);
    const { unknown, isUnderstood } = understand(model, text);
    return {
      itc: dot(embedding, textEmbedding),
      itm: probability,
      itmLogit: logit,
      unknown,
      understood: isUnderstood,
    };
  });
}

/** The cosine of unit vectors. */
function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function describe({ itc, itm, itmLogit, unknown, understood }: MatchResult): string {
  return [
    `fits ${(itm * 100).toFixed(1)}%  (ITM logit ${itmLogit.toFixed(3)}, ITC ${itc.toFixed(3)})`,
    ...(unknown.length === 0 ? [] : [`unknown to the model: ${unknown.join(', ')}`]),
    ...(understood
      ? []
      : ['The model understands nothing of this text: the figures mean nothing.']),
  ].join('\n');
}
