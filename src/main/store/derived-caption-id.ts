import { createHash } from 'node:crypto';

/**
 * The id of a caption that is made again each time the same work is done again (an import, a run
 * of a model): equal inputs give equal ids, so that repeated work is recognised.
 *
 * @param source What wrote it: a metadata field, or a model id with its decoding.
 */
export function derivedCaptionId(photoId: string, source: string, text: string): string {
  const hash = createHash('sha256').update(JSON.stringify([photoId, source, text]));
  return hash.digest('hex').slice(0, 32);
}
