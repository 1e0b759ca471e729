import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ModelInfo } from '#shared/schemas/model.ts';
import type { Belief } from './normal.ts';

const Normal = z.object({ mean: z.number(), spread: z.number().positive() });

/** How a model was found to judge photos that it did not learn from. */
export const ShippedCalibration = z.object({
  /** Id of the model. */
  modelId: z.string(),
  /** Evidence of texts with pictures drawn at random. */
  match: Normal,
  cosine: Normal,
  gain: Normal,
  /** Scores of texts with their own pictures. */
  right: Normal,
});
export type ShippedCalibration = z.infer<typeof ShippedCalibration>;

/** The file beside a model that holds its calibration. */
export const calibrationFile = 'filter.json';

/** Texts that a belief is worth: as many of the library's own count as much. */
const shippedWeight = 50;
const unknownWeight = 5;

/** What is believed of a model before a library is seen. */
export interface Beliefs {
  readonly match: Belief;
  readonly cosine: Belief;
  readonly gain: Belief;
  readonly right: Belief;
}

/** Of a model of which nothing is known: ITM is sure of itself, and right texts score three spreads higher. */
export const unknownBeliefs: Beliefs = {
  match: { mean: -3, spread: 2, weight: unknownWeight },
  cosine: { mean: 0.1, spread: 0.15, weight: unknownWeight },
  gain: { mean: -5, spread: 5, weight: unknownWeight },
  right: { mean: 7, spread: 2.5, weight: unknownWeight },
};

/**
 * What is believed of the filter before a library is seen: what lies beside the model, where that judges
 * with a captioner of its own. A file that says nothing of the sort counts as none, as does that of other weights.
 */
export async function beliefsOf({ id, folder, captioner }: ModelInfo): Promise<Beliefs> {
  return captioner === null ? await beliefsIn([folder], id) : unknownBeliefs;
}

/** What is believed of a model that is not at hand, by what lies in the folders where it may be. */
export async function beliefsIn(folders: readonly string[], modelId: string): Promise<Beliefs> {
  const all = await Promise.all(folders.map(readShipped));
  const own = all.find((shipped) => shipped?.modelId === modelId);
  return own == null ? unknownBeliefs : asBeliefs(own);
}

async function readShipped(folder: string): Promise<ShippedCalibration | null> {
  const text = await readFile(join(folder, calibrationFile), 'utf8').catch(() => '{}');
  return ShippedCalibration.safeParse(parsed(text)).data ?? null;
}

function asBeliefs({ match, cosine, gain, right }: ShippedCalibration): Beliefs {
  const weight = shippedWeight;
  return {
    match: { ...match, weight },
    cosine: { ...cosine, weight },
    gain: { ...gain, weight },
    right: { ...right, weight },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
