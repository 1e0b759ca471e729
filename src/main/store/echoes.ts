import type { Caption } from '#shared/schemas/photos.ts';
import { purposeOf } from '#shared/text-purpose.ts';

type Words = Pick<Caption, 'text' | 'origin' | 'field' | 'modelId'>;

/**
 * Leaves out what files only repeat: a text that Medley wrote into them stands for its writer's own, with
 * all that is known of that.
 *
 * @param captions of one photo
 */
export function withoutEchoes<T extends Words>(captions: readonly T[]): T[] {
  return captions.filter(
    (caption) => caption.origin !== 'imported' || !captions.some((own) => isEcho(caption, own)),
  );
}

function isEcho(imported: Words, own: Words): boolean {
  const isOwn =
    own.origin === 'person' || (own.origin === 'machine' && own.modelId === imported.modelId);
  return (
    isOwn &&
    purposeOf(own.field) === purposeOf(imported.field) &&
    isSameWords(own.text, imported.text)
  );
}

/** Whether two texts are the same but for white space, which files and imports change. */
export function isSameWords(one: string, other: string): boolean {
  const tidy = (text: string) => text.replace(/[\s\u00a0]+/g, ' ').trim();
  return tidy(one) === tidy(other);
}
