import type { Command } from 'commander';
import { addAdapterOption, addCommonOptions, type CommonOptions } from '../command-options.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';

interface MatchResult {
  /** Chance in [0, 1] that the text fits, as search shows it of a single photo. */
  readonly chance: number;
  /** Cosine of photo and text. */
  readonly itc: number;
  /** Match probability by itself. */
  readonly itm: number;
  readonly itmLogit: number;
  /** Words of the text that the model does not know. */
  readonly unknown: readonly string[];
  /** Words that it knows, but has learned from hardly any photos of. */
  readonly unseen: readonly string[];
  /** What the text says is not there, which no figure here heeds. */
  readonly negated: readonly string[];
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
  const { parseQuery } = await import('#shared/query/parse.ts');
  const { asCaption } = await import('#main/search/as-caption.ts');
  const { judge, lineOf, presenceOf } = await import('#main/search/presence.ts');
  const { embedFile, withModel } = await import('../opened-model.ts');
  return withModel(options, async (model) => {
    const { features, embedding } = await embedFile(model, givenPath(photo));
    const asked = asCaption(text);
    const [textEmbedding] = await model.embedTexts([asked]);
    const [match] = await model.match([features], [asked]);
    const presence = await presenceOf(model.info);
    const understanding = understand(model, text, presence?.seen ?? null);
    const line = lineOf(presence, { ...understanding, photos: 1 });
    const cosine = dot(embedding, textEmbedding);
    const { unknown, unseen, isUnderstood } = understanding;
    return {
      chance: judge(line, { match, cosine }).probability,
      itc: cosine,
      itm: match.probability,
      itmLogit: match.logit,
      unknown,
      unseen,
      negated: parseQuery(text).excluded.map((part) => part.text),
      understood: isUnderstood,
    };
  });
}

/** The cosine of unit vectors. */
function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function describe(result: MatchResult): string {
  const { chance, itc, itmLogit, unknown, unseen, negated, understood } = result;
  return [
    `fits ${(chance * 100).toFixed(1)}%  (ITM logit ${itmLogit.toFixed(3)}, ITC ${itc.toFixed(3)})`,
    ...(unknown.length === 0 ? [] : [`unknown to the model: ${unknown.join(', ')}`]),
    ...(unseen.length === 0 ? [] : [`learned from hardly any photos of: ${unseen.join(', ')}`]),
    ...(negated.length === 0
      ? []
      : [
          `Only search understands “not”: the figures do not tell whether ${negated.join(', ')} is missing.`,
        ]),
    ...(understood
      ? []
      : ['The model understands nothing of this text: the figures mean nothing.']),
  ].join('\n');
}
