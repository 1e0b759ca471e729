import { readTiffDirectories, type TiffDirectory } from './tiff-directory.ts';

const tags = { newSubfileType: 254, subfileType: 255 };
/** More pages are not looked through for one that is no preview. */
const MOST_PAGES = 32;

/** A page of a TIFF file. */
export interface TiffPage {
  /** Counted from 0. */
  readonly page: number;
  readonly directory: TiffDirectory;
}

/** The first page that is no preview of another, else the first; null where there is none within the bytes. */
export function mainPage(bytes: Buffer): TiffPage | null {
  const directories = readTiffDirectories(bytes, MOST_PAGES);
  if (directories.length === 0) return null;
  const page = Math.max(0, directories.findIndex(isWholePicture));
  return { page, directory: directories[page] };
}

/** Neither reduced nor a mask (TIFF 6.0, NewSubfileType and the older SubfileType). */
function isWholePicture(directory: TiffDirectory): boolean {
  const kind = directory.numbers(tags.newSubfileType)[0] ?? 0;
  return (kind & 0b101) === 0 && directory.numbers(tags.subfileType)[0] !== 2;
}
