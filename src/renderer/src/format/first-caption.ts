import type { Caption } from '#shared/schemas/photos.ts';
import { titleOf } from '#shared/text-purpose.ts';
import { isUnsure } from '#shared/unsure.ts';

/** What is shown of a photo where a person sees for the first time what a model makes of their photos. */
export interface FirstCaption {
  /** What people say of it; null where they say nothing, and the model's stands alone. */
  readonly own: Caption | null;
  /** What the model wrote of it; null where it has written nothing yet. */
  readonly written: Caption | null;
  /** The model does not stand by what it wrote. */
  readonly unsure: boolean;
}

/** @param captions all there are, the most trusted first */
export function firstCaptionOf(captions: readonly Caption[]): FirstCaption {
  const title = titleOf(captions.filter(({ origin }) => origin !== 'machine'));
  const written = captions.find(({ origin }) => origin === 'machine') ?? null;
  return { own: title ?? null, written, unsure: written !== null && isUnsure(written) };
}
