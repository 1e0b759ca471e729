/** Long side of a thumbnail in pixels. */
const thumbnailSide = 640;
/** From this on a picture is so wide or tall that its thumbnail has few pixels along its short side. */
const extreme = 3;
/** A thumbnail drawn this many times larger still looks sharp. */
const mostEnlarged = 1.25;

/**
 * Whether the thumbnail of a picture would be blurred where it is drawn: that of a panorama is.
 *
 * @param ratio width over height of the picture
 * @param width of its cell in pixels of the screen
 * @param height likewise
 */
export function needsSharper(ratio: number, width: number, height: number): boolean {
  if (ratio < extreme && ratio > 1 / extreme) return false;
  // A cell is covered by its picture, which may reach beyond it.
  const longSide = ratio > 1 ? Math.max(width, height * ratio) : Math.max(height, width / ratio);
  return longSide > thumbnailSide * mostEnlarged;
}
