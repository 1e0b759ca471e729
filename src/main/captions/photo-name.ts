const pictureEnding =
  /\.(jpe?g?|jfif|png|webp|avif|tiff?|gif|bmp|hei[cf]|jxl|dng|cr[23]|nef|arw|raf|orf|rw2)(#\d+)?$/i;

/** Whether a text ends as the name of a picture does, with or without a number of the caption. */
export function isPictureName(text: string): boolean {
  return pictureEnding.test(text.trim());
}

/** The photo of `name.jpg#0`, as Flickr8k and Flickr30k number the captions of one. */
export function withoutCaptionNumber(name: string): string {
  return name.replace(/(\.[^.#/\\]+)#\d+$/, '$1');
}

/**
 * The folders and the name of a photo as somebody wrote them, on whichever system: without a drive,
 * and without steps to the same folder or the one above.
 */
export function partsOf(written: string): string[] {
  const path = written.trim().replace(/^[a-zA-Z]:(?=[\\/])/, '');
  return path.split(/[\\/]/).filter((part) => !['', '.', '..'].includes(part));
}
