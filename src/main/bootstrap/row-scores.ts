import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';
import { placedPhotos } from '#main/training/opened-training.ts';
import { scoreValues } from '#main/training/validation/validate.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';
import type { Circle } from './circle.ts';
import type { TunedModel } from './trained.ts';

const Ranks = z.array(z.int());
/** Scores as they are kept, photo by photo. */
export const KeptScores = z.array(
  z.object({
    textToPhoto: Ranks,
    reranked: Ranks,
    photoToText: z.int().nullable(),
    own: z.array(z.number()),
    others: z.array(z.number()),
    written: z.object({ own: z.number(), others: z.number() }).nullable(),
  }),
);

/** What models of different objectives make of the same photos, as one. */
export function joined(all: readonly (readonly PhotoScores[])[]): PhotoScores[] {
  const [first, ...others] = all;
  return first.map((scores, photo) =>
    others.reduce((sum, other) => joinedScores(sum, other[photo]), scores),
  );
}

function joinedScores(one: PhotoScores, other: PhotoScores): PhotoScores {
  const matching = one.photoToText === null ? other : one;
  return { ...matching, written: one.written ?? other.written };
}

/** What a model makes of the photos that nothing learnt from, photo by photo. */
export async function heldScores(
  { options, patches, places, photos }: Circle,
  name: string,
  model: TunedModel,
): Promise<PhotoScores[]> {
  const file = join(options.folder, 'scores', `${name}.json`);
  const kept = await readJsonFile(file, KeptScores.nullable(), null);
  if (kept !== null) return kept;
  options.onProgress({ doing: `measuring (${name})`, done: 0, total: photos.held.length });
  const scores = await scoreValues({ ...model, patches }, model.values, {
    photos: placedPhotos(photos.held, places),
    rerank: 0,
    onBatch: () => options.signal?.throwIfAborted(),
  });
  await writeJsonFile(file, scores);
  return scores;
}
