import type { Fix } from '#shared/schemas/alt-text.ts';
import type { PageElement, TextInPlace } from './text-in-place.ts';

/** Elements that an empty text marks as decorative; of others it only says that nobody named them. */
const passedOver: readonly PageElement[] = ['img', 'front-matter'];

/** Whether an empty text says that the picture is decorative. */
export function mayBeEmpty({ context }: Pick<TextInPlace, 'context'>): boolean {
  return context === null || (passedOver.includes(context.element) && !context.functional);
}

/** Marks a picture as decorative; null where an empty text would not. */
export function asDecorative(place: Pick<TextInPlace, 'context'>): Fix | null {
  return mayBeEmpty(place) ? { kind: 'decorative' } : null;
}
