import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ModelInfo } from '#shared/schemas/model.ts';
import { logOdds, probabilityOf } from '#main/med/model/log-odds.ts';
import type { Match } from '#main/med/model/med-model.ts';
import { seenWordsOf, type SeenWords } from './seen-words.ts';
import type { Understanding } from './understood.ts';

/**
 * How a model's evidence says whether a photo is what was asked for, found on photos that it did not learn
 * from. Of one word the match by ITM tells and the nearness by ITC, of a sentence the nearness alone: a text of n
 * words counts 1/n as a word, and for the rest as a sentence.
 */
export const Presence = z.object({
  /**
   * Log-odds for a word: `match` times those of the match, `cosine` times the cosine, and a constant. A match below
   * `floor` counts as that: of a word models say too much, and only what is more tells anything.
   */
  word: z.object({
    match: z.number().min(0),
    floor: z.number(),
    cosine: z.number().min(0),
    constant: z.number(),
  }),
  /** Log-odds for a sentence: `cosine` times the cosine, and a constant. */
  sentence: z.object({ cosine: z.number().min(0), constant: z.number() }),
  /**
   * Log-odds that a photo loses where e times as many are searched: the best of many wrong photos is
   * better than the best of few.
   */
  growth: z.number().min(0),
  /** Log-odds that a photo loses where the model knows no photo of any of the words. */
  unseen: z.number().min(0),
});
export type Presence = z.infer<typeof Presence>;

/** What is known of a model. */
export type ModelPresence = Presence & {
  /** The words that its training said of photos; null where nobody knows. */
  readonly seen: SeenWords | null;
};

/** The file beside a model that holds it. */
export const presenceFile = 'presence.json';

/** Log-odds that a photo of e times as many loses by a model of which nothing is known. */
const unknownGrowth = 0.5;

/** What lies beside a model; null without it. A file that says nothing of the sort counts as none. */
export async function presenceOf(model: Pick<ModelInfo, 'folder'>): Promise<ModelPresence | null> {
  const text = await readFile(join(model.folder, presenceFile), 'utf8').catch(() => 'null');
  const found = Presence.safeParse(parsed(text));
  return found.success ? { ...found.data, seen: await seenWordsOf(model) } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What was asked of how many photos. */
export interface Asked extends Pick<
  Understanding,
  'contentWords' | 'isUnderstood' | 'unseenShare'
> {
  /** Photos searched, from which the shortlist came. */
  readonly photos: number;
}

/** The line of one search, above which a photo is said to match: log-odds of weighted evidence. */
export interface Line {
  readonly match: number;
  /** What a match counts for at least, as log-odds. */
  readonly floor: number;
  readonly cosine: number;
  readonly constant: number;
  /** False where no photo can be said to match, as the model did not understand what was asked. */
  readonly isDrawn: boolean;
}

/**
 * The line for one search. Without anything known of the model it is the match alone, held to be right
 * where the photo is one of two.
 */
export function lineOf(presence: Presence | null, asked: Asked): Line {
  const isDrawn = asked.isUnderstood;
  const manifold = Math.log(Math.max(1, asked.photos));
  if (presence === null) {
    const constant = -unknownGrowth * manifold;
    return { match: 1, floor: -Infinity, cosine: 0, constant, isDrawn };
  }
  const { word, sentence, growth, unseen } = presence;
  const share = 1 / Math.max(1, asked.contentWords);
  const mixed = (ofWord: number, ofSentence: number) => share * ofWord + (1 - share) * ofSentence;
  return {
    match: share * word.match,
    floor: word.floor,
    cosine: mixed(word.cosine, sentence.cosine),
    constant:
      mixed(word.constant, sentence.constant) - growth * manifold - unseen * asked.unseenShare,
    isDrawn,
  };
}

/** What a model says of the text asked for and one photo. */
export interface PhotoEvidence {
  readonly match: Pick<Match, 'probability'>;
  readonly cosine: number;
}

export interface Judgement {
  /** Chance in [0, 1] that the photo is what was asked for, all others searched considered. */
  readonly probability: number;
  /** Whether it is said to match: it is more likely than not. */
  readonly above: boolean;
}

/**
 * Whether a photo is said to match what was asked for. Never less likely with better evidence, nor more
 * with more photos searched.
 */
export function judge(line: Line, { match, cosine }: PhotoEvidence): Judgement {
  if (!line.isDrawn) return { probability: 0, above: false };
  const fit = Math.max(logOdds(match.probability), line.floor);
  const odds = line.match * fit + line.cosine * cosine + line.constant;
  return { probability: probabilityOf(odds), above: odds >= 0 };
}
