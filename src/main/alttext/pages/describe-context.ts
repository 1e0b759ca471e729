import type { TextInPlace } from '../rules/text-in-place.ts';

/** What a picture is in its page, in words; null where nothing is to be said. */
export function describeContext({ context, caption }: TextInPlace): string | null {
  if (context === null) return null;
  const { inside, functional, element, hidden, emoji } = context;
  const words = [
    element === 'input' ? 'button' : element === 'area' ? 'part of an image map' : null,
    inside === 'figure' ? (caption === null ? 'figure' : 'figure with a caption') : inside,
    functional && inside !== null ? 'with nothing else in it' : null,
    hidden ? 'marked as decorative' : null,
    emoji ? 'emoji' : null,
  ].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(', ');
}
