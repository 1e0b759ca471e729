import type { Caption } from '#shared/schemas/photos.ts';
import type {
  FilterVerdict,
  Judgement,
  Proposal,
  ReviewItem,
  ReviewList,
} from '#shared/schemas/review.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import type { Store } from '#main/store/store.ts';

/** A proposal that fits no better than this is none. */
const proposalFits = 0.6;

/**
 * The texts of the library that a person or a file says, judged by the scores there are. A score is taken
 * as the chance that the text is of this picture.
 *
 * @param strict in [0, 1]
 */
export async function reviewList(store: Store, strict: number): Promise<ReviewList> {
  const captions = await store.captionsOf([...store.photos().keys()]);
  const list: ReviewList = { items: [], kept: 0, waiting: 0 };
  for (const [photoId, own] of captions) {
    const [file = ''] = store.pathsOf(photoId);
    const proposals = proposalsOf(own);
    for (const caption of own) {
      if (caption.origin === 'machine' || caption.text === '') continue;
      const judgement = judge(caption, strict);
      if (caption.confirmed || judgement.verdict === 'keep') list.kept += 1;
      else if (caption.itm === null) list.waiting += 1;
      else list.items.push(itemOf(photoId, file, caption, judgement, proposals));
    }
  }
  return list;
}

function itemOf(
  photoId: string,
  file: string,
  caption: Caption,
  judgement: Judgement,
  proposals: readonly Proposal[],
): ReviewItem {
  return {
    id: caption.id,
    file,
    place: {
      kind: 'field',
      photoId,
      captionId: caption.id,
      field: caption.field,
      file: caption.file,
    },
    purpose: purposeOf(caption.field),
    text: caption.text,
    judgement,
    findings: [],
    proposals: [...proposals],
    answer: null,
  };
}

function judge({ itm, itmModelId, text }: Caption, strict: number): Judgement {
  const wrong = itm === null ? null : 1 - itm;
  return {
    verdict: verdictOf(wrong, strict),
    itm,
    wrong,
    judged: text,
    aside: [],
    modelId: itmModelId,
  };
}

/** In the middle, as the words in the photo view have it. */
function verdictOf(wrong: number | null, strict: number): FilterVerdict {
  if (wrong === null) return 'unjudged';
  if (wrong >= 1.25 - strict) return 'wrong';
  return wrong >= 0.9 - strict ? 'doubtful' : 'keep';
}

function proposalsOf(captions: readonly Caption[]): Proposal[] {
  return captions
    .flatMap(({ text, itm, modelId, decoding }) =>
      itm === null || itm < proposalFits || modelId === null || decoding === null
        ? []
        : [{ text, itm, modelId, decoding }],
    )
    .toSorted((a, b) => b.itm - a.itm);
}
