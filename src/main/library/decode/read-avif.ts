import { MedleyError } from '#shared/errors.ts';
import type { PictureReader } from './readers.ts';

/**
 * The still picture of an AVIF file. The decoder knows files by their major brand alone: an
 * animation that has a still picture as well, which it says by the brand `avif` or `mif1`, goes by that.
 *
 * @throws MedleyError `image-unsupported`
 */
export const readAvif: PictureReader = async (bytes, name) => {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length);
  const others = bytes.toString('latin1', 16, end);
  if (bytes.toString('latin1', 8, 12) !== 'avis') return { bytes, notices: [] };
  if (!/^(?:.{4})*(?:avif|mif1)/s.test(others)) {
    throw new MedleyError(
      'image-unsupported',
      `${name} is an AVIF animation without a still picture, which Medley does not read.`,
      { subject: name },
    );
  }
  const still = Buffer.from(bytes);
  still.write('avif', 8, 'latin1');
  return { bytes: still, notices: [] };
};
