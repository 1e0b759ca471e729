import { MedleyError } from '#shared/errors.ts';
import type { AnsweredText } from '#shared/schemas/review.ts';
import type { TextChanges } from '#main/store/change-texts.ts';
import type { Store } from '#main/store/store.ts';
import { accepted, decided, erased, written } from './text-acts.ts';

/** What a person's answers change, as one act. @throws MedleyError `bad-request`, `photo-unknown` */
export function answered(store: Store, answers: readonly AnsweredText[]): TextChanges {
  const changes = answers.map((answer) => changeOf(store, answer));
  const verdicts = changes.flatMap((change) => change.verdicts);
  return {
    captions: changes.flatMap((change) => change.captions),
    // Of two answers about one text the last one counts.
    verdicts: [...new Map(verdicts.map((verdict) => [verdict.captionId, verdict])).values()],
  };
}

function changeOf(
  store: Store,
  { photoId, captionId, purpose, answer }: AnsweredText,
): TextChanges {
  switch (answer.kind) {
    case 'keep':
      return decided(store, photoId, required(captionId), 'confirmed');
    case 'accept':
      return accepted(store, { ...answer.proposal, photoId, purpose, replaces: captionId });
    case 'edit':
      return written(store, { photoId, purpose, text: answer.text, replaces: captionId });
    case 'decorative': {
      const replaces = purpose === 'alt' ? captionId : null;
      return written(store, { photoId, purpose: 'alt', text: '', replaces });
    }
    case 'erase':
      return erased(store, photoId, required(captionId));
  }
}

function required(captionId: string | null): string {
  if (captionId !== null) return captionId;
  throw new MedleyError('bad-request', 'There is no text here that could be kept or erased.');
}
