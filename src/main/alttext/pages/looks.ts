/** What sizes and formats add to the name of a picture, as `-300x200`, `@2x`, `-scaled`. */
const variants =
  /(?:[-_.](?:\d{2,5}x\d{2,5}|\d{2,5}w|scaled|small|medium|large|thumb(?:nail)?|min|cropped|original)|@[1-4](?:\.\d)?x)+$/i;

/**
 * What tells one picture from others by its name alone: its sizes and formats count as one. Null
 * where it has no name.
 *
 * @param src address of the picture
 */
export function looksByName(src: string | null): string | null {
  if (src === null || /^data:/i.test(src)) return null;
  const name = nameOf(src).replace(/\.[^.]*$/, '');
  return name.replace(variants, '').toLowerCase() || null;
}

/** The name of the file that an address means, without folders. */
export function nameOf(src: string): string {
  const name =
    src
      .replace(/[?#].*$/s, '')
      .split(/[\\/]/)
      .at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
