import { decodeForeign } from '../foreign/decode-foreign.ts';
import type { ForeignFormat } from '../foreign/messages.ts';
import { rawPreview } from '../foreign/raw-preview.ts';
import type { ImageFormat } from '../image-format.ts';
import { readAvif } from './read-avif.ts';
import { readTiff } from './read-tiff.ts';

/** A file that libvips decodes, made of a file in any format. */
export interface ReadableFile {
  /** The very bytes of the file where libvips reads its format. */
  readonly bytes: Buffer;
  /**
   * How to turn what is in `bytes` upright, as EXIF numbers it (1 to 8); left out where `bytes` say
   * so themselves.
   */
  readonly orientation?: number;
  /** Which of its pages, from 0; left out, the first. */
  readonly page?: number;
  /** What a person should know of how the picture is shown, in plain sentences. */
  readonly notices: readonly string[];
}

/**
 * Makes a file in one format readable. Formats with a decoder of their own are decoded here.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 */
export type PictureReader = (bytes: Buffer, name: string) => Promise<ReadableFile>;

const readAsIs: PictureReader = async (bytes) => ({ bytes, notices: [] });
const decodedBy =
  (format: ForeignFormat): PictureReader =>
  (bytes, name) =>
    decodeForeign(format, bytes, name);

/** Who reads which format; there is none for those that are only known by name. */
export const readers: Readonly<Partial<Record<ImageFormat, PictureReader>>> = {
  jpeg: readAsIs,
  png: readAsIs,
  webp: readAsIs,
  avif: readAvif,
  tiff: readTiff,
  gif: readAsIs,
  heic: decodedBy('heic'),
  jxl: decodedBy('jxl'),
  bmp: decodedBy('bmp'),
  raw: async (bytes, name) => rawPreview(bytes, name),
};
