import type { Rightness } from './right-texts.ts';
import { shareOf, type Share } from './share.ts';

/** What a filter did to the texts that photos had. */
export interface NoiseAccount {
  /** Of all texts, those taken out: the paper's noise ratio. */
  readonly removed: Share;
  /** Of the wrong ones, those taken out; of none where it is not known which are wrong. */
  readonly noiseRemoved: Share;
  /** Of those left of which it is known, the wrong ones. */
  readonly noiseKept: Share;
  /** Of the right ones, those taken out. */
  readonly rightLost: Share;
}

/** A text that a filter kept or not. */
export interface FilteredText {
  readonly rightness: Rightness;
  readonly kept: boolean;
}

export function accountOf(texts: readonly FilteredText[]): NoiseAccount {
  const count = (rightness: Rightness, kept: boolean) =>
    texts.filter((text) => text.rightness === rightness && text.kept === kept).length;
  const [wrongOut, wrongIn] = [count('wrong', false), count('wrong', true)];
  const [rightOut, rightIn] = [count('right', false), count('right', true)];
  return {
    removed: shareOf(texts.filter(({ kept }) => !kept).length, texts.length),
    noiseRemoved: shareOf(wrongOut, wrongOut + wrongIn),
    noiseKept: shareOf(wrongIn, wrongIn + rightIn),
    rightLost: shareOf(rightOut, rightOut + rightIn),
  };
}
