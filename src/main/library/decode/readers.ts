import type { ImageFormat } from '../image-format.ts';

/** A file that libvips decodes, made of a file in any format. */
export interface ReadableFile {
  /** The very bytes of the file where libvips reads its format. */
  readonly bytes: Buffer;
  /**
   * How to turn what is in `bytes` upright, as EXIF numbers it (1 to 8); left out where `bytes` say
   * so themselves.
   */
  readonly orientation?: number;
  /** What a person should know of how the picture is shown, in plain sentences. */
  readonly notices: readonly string[];
}

/**
 * Makes a file in one format readable. Pixels of a decoder of its own go through `pixelFile`.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 */
export type PictureReader = (bytes: Buffer, name: string) => Promise<ReadableFile>;

const readAsIs: PictureReader = async (bytes) => ({ bytes, notices: [] });

/** Who reads which format; there is none for those that are only known by name. */
export const readers: Readonly<Partial<Record<ImageFormat, PictureReader>>> = {
  jpeg: readAsIs,
  png: readAsIs,
  webp: readAsIs,
  avif: readAsIs,
  tiff: readAsIs,
  gif: readAsIs,
};
