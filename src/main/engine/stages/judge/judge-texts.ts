import { evidenceOf, type Pair, type TextEvidence } from '#main/capfilt/judge/evidence.ts';
import type { KnownPicture, KnownPictures } from '#main/capfilt/judge/known-pictures.ts';
import { setAside } from '#main/capfilt/unseen/set-aside.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { NewEvidence } from '#main/store/tables/evidence.ts';
import { judgesOf } from '../../review/library-filter.ts';

/** A text and the picture it is held against. */
export interface TextToJudge {
  readonly captionId: string;
  readonly text: string;
  readonly picture: KnownPicture;
  readonly isOwn: boolean;
}

/** Evidence about texts, less what no picture shows; without numbers for one of which nothing is left. */
export async function judgeTexts(
  model: MedModel,
  texts: readonly TextToJudge[],
  known: KnownPictures,
): Promise<NewEvidence[]> {
  const asked = texts.map((text) => ({ ...text, visible: setAside(text.text).judged }));
  const visible = asked.filter((text) => text.visible !== '');
  const pairs = visible.map((text): Pair => ({ text: text.visible, picture: text.picture }));
  const found = await evidenceOf(model, pairs, known.mean);
  const evidence = new Map(visible.map((text, i) => [text, found[i]]));
  const none: Record<keyof TextEvidence, null> = {
    match: null,
    cosine: null,
    gain: null,
    word: null,
  };
  const createdAt = new Date().toISOString();
  return asked.map((text) => ({
    captionId: text.captionId,
    pictureId: text.picture.pictureId,
    isOwn: text.isOwn,
    ...judgesOf(model.info),
    ...(evidence.get(text) ?? none),
    createdAt,
  }));
}
