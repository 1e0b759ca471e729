import { randomInt } from 'node:crypto';
import { MedleyError } from '#shared/errors.ts';
import type { Suggestion } from '#shared/schemas/captions.ts';
import { isReadable } from '#main/capfilt/proposals/readable.ts';
import { captionerIdOf } from '#shared/schemas/model.ts';
import type { CaptionOptions, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';

const samples = 4;
/** BLIP's captioner samples with p = 0.9 (paper, section 4.3). */
const topP = 0.9;
const mostSeeds = 2 ** 31;

/** @throws MedleyError `bad-request` when the model cannot write captions */
export function requireCaptioning({ info }: MedModel): void {
  if (info.roles.captioning) return;
  throw new MedleyError(
    'bad-request',
    `The model ${info.name} writes no captions. Choose one that does under Models.`,
    { subject: info.folder },
  );
}

/** Texts sampled anew of a picture, each once, the best match first. */
export async function suggestTexts(
  model: MedModel,
  features: ImageFeatures,
): Promise<Suggestion[]> {
  requireCaptioning(model);
  const options: CaptionOptions = { method: 'nucleus', topP, seed: randomInt(mostSeeds) };
  const [sampled] = await model.caption([features], { ...options, samples });
  const all = [...new Set(sampled.map(({ text }) => text.trim()))].filter((text) => text !== '');
  const readable = all.filter(isReadable);
  // Of a model that writes another language, none is.
  const texts = readable.length > 0 ? readable : all;
  const matches = await matchesOf(model, features, texts);
  const modelId = captionerIdOf(model.info);
  const decoding = model.decodingOf(options);
  return texts
    .map((text, i) => ({ text, itm: matches[i] ?? null, modelId, decoding }))
    .toSorted((a, b) => (b.itm ?? 0) - (a.itm ?? 0));
}

/** Match probabilities; none by a model that only writes. */
async function matchesOf(
  model: MedModel,
  features: ImageFeatures,
  texts: readonly string[],
): Promise<number[]> {
  if (!model.info.roles.matching || texts.length === 0) return [];
  const matches = await model.match(
    texts.map(() => features),
    texts,
  );
  return matches.map(({ probability }) => probability);
}
