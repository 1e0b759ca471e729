import { rocAuc } from '#main/evaluation/roc.ts';
import type { Objective } from '../recipe.ts';
import type { PhotoScores, WrittenScores } from './photo-scores.ts';

/** A figure of a set of photos; null where the model does not have that role. The larger, the better. */
interface Measure {
  readonly name: string;
  /** In percent, or as it is. */
  readonly of: (photos: readonly PhotoScores[]) => number | null;
  /** What a model gets of these photos that sees none of them, where that is known. */
  readonly chance?: (photos: readonly PhotoScores[]) => number;
}

const recall =
  (ranks: (photo: PhotoScores) => readonly number[], depth: number) =>
  (photos: readonly PhotoScores[]) => {
    const all = photos.flatMap(ranks);
    if (all.length === 0) return null;
    return (100 * all.filter((rank) => rank < depth).length) / all.length;
  };
const toPhoto = ({ textToPhoto }: PhotoScores) => textToPhoto;
const toText = ({ photoToText }: PhotoScores) => (photoToText === null ? [] : [photoToText]);
const depths = [1, 5, 10] as const;

function meanRecall(photos: readonly PhotoScores[]): number | null {
  const all = depths.flatMap((depth) => [
    recall(toPhoto, depth)(photos),
    recall(toText, depth)(photos),
  ]);
  const known = all.filter((value) => value !== null);
  return known.length === 0 ? null : mean(known);
}

/** {@link meanRecall} of ranks drawn at random. */
function recallByChance(photos: readonly PhotoScores[]): number {
  const own = photos.map(({ textToPhoto }) => textToPhoto.length);
  const texts = own.reduce((sum, count) => sum + count, 0);
  const first = Array.from({ length: Math.max(...depths) }, (_, place) => place);
  /** That none of a photo's texts is among the first of all: each place goes to one that is left. */
  const missed = (count: number, depth: number) =>
    first
      .slice(0, depth)
      .reduce((share, place) => share * Math.max(0, 1 - count / (texts - place)), 1);
  const found = depths.flatMap((depth) => [
    Math.min(1, depth / photos.length),
    mean(own.map((count) => 1 - missed(count, depth))),
  ]);
  return 100 * mean(found);
}

function auc(photos: readonly PhotoScores[]): number | null {
  const own = photos.flatMap((photo) => photo.own);
  const others = photos.flatMap((photo) => photo.others);
  return own.length === 0 ? null : rocAuc(own, others);
}

const written = (score: (scores: WrittenScores) => number) => (photos: readonly PhotoScores[]) => {
  const all = photos.map((photo) => photo.written).filter((scores) => scores !== null);
  return all.length === 0 ? null : mean(all.map(score));
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** All that is measured, by name. */
export const measures: readonly Measure[] = [
  ...depths.map((depth) => ({ name: `text to photo R@${depth}`, of: recall(toPhoto, depth) })),
  ...depths.map((depth) => ({ name: `photo to text R@${depth}`, of: recall(toText, depth) })),
  { name: 'mean recall', of: meanRecall, chance: recallByChance },
  { name: 're-ranked R@1', of: recall(({ reranked }) => reranked, 1) },
  { name: 'matching AUC', of: auc, chance: () => 0.5 },
  { name: 'CIDEr-D', of: written(({ own }) => own) },
  {
    name: 'CIDEr-D beyond chance',
    of: written(({ own, others }) => own - others),
    chance: () => 0,
  },
];

/**
 * The measures by which an objective is judged. Captions written by the words that a person likes are
 * nearer to any caption of theirs, whatever the photo: so a captioner is judged by how much nearer they
 * are to those of the photo than to those of others.
 */
export const primaryOf: Readonly<Record<Objective, readonly string[]>> = {
  retrieval: ['mean recall'],
  filter: ['matching AUC'],
  captioning: ['CIDEr-D beyond chance'],
  all: ['mean recall', 'matching AUC', 'CIDEr-D beyond chance'],
};

/** One number for an epoch, the larger the better: the primary measures, recall as a share. */
export function validationScore(objective: Objective, photos: readonly PhotoScores[]): number {
  return measures
    .filter(({ name }) => primaryOf[objective].includes(name))
    .map(({ name, of }) => (of(photos) ?? 0) / (name === 'mean recall' ? 100 : 1))
    .reduce((sum, value) => sum + value, 0);
}
