import { readTiffDirectory } from './decode/tiff-directory.ts';
import {
  kindOfName,
  type ImageFormat,
  type PictureKind,
  type UnsupportedKind,
} from './image-format.ts';

/** Bytes that tell what any file is; more tell more of TIFF files, whose directory may lie anywhere. */
export const BYTES_TO_SNIFF = 4096;

/**
 * What a file is by its bytes, whatever it is called. Its name decides only where the bytes leave it
 * open: among the TIFF files that cameras write, and for kinds that have no mark of their own.
 *
 * @param bytes The whole file, or its first {@link BYTES_TO_SNIFF} bytes.
 * @returns null for what is neither a picture nor anything of {@link UnsupportedKind}
 */
export function sniffKind(bytes: Buffer, name: string): PictureKind | null {
  const format = sniffFormat(bytes, name);
  if (format !== null) return { supported: format };
  const kind = sniffUnsupported(bytes);
  if (kind !== null) return { unsupported: kind };
  const named = kindOfName(name);
  return named !== null && 'unsupported' in named && !isText(bytes) ? named : null;
}

/** A mark that files of a kind begin with; `.` stands for any byte. */
function begins(head: string, mark: string): boolean {
  return head.length >= mark.length && [...mark].every((c, i) => c === '.' || c === head[i]);
}

function sniffFormat(bytes: Buffer, name: string): ImageFormat | null {
  const head = bytes.toString('latin1', 0, 16);
  const has = (...marks: string[]) => marks.some((mark) => begins(head, mark));
  if (has('\xff\xd8\xff')) return 'jpeg';
  if (has('\x89PNG\r\n\x1a\n')) return 'png';
  if (has('GIF87a', 'GIF89a')) return 'gif';
  if (has('RIFF....WEBP')) return 'webp';
  if (has('\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n')) return 'jxl';
  if (has('BM') && isBitmapHeader(bytes)) return 'bmp';
  if (has('FUJIFILMCCD-RAW', 'IIRO', 'IIRS', 'MMOR', 'IIU\0')) return 'raw';
  if (has('II*\0', 'MM\0*', 'II+\0', 'MM\0+')) return isRaw(bytes, name) ? 'raw' : 'tiff';
  return head.slice(4, 8) === 'ftyp' ? formatOfBrands(brandsOf(bytes), bytes) : null;
}

/** Brands of the `ftyp` box, the major one first (ISO/IEC 14496-12, section 4.3). */
function brandsOf(bytes: Buffer): string[] {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length);
  const text = bytes.toString('latin1', 0, end);
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text.slice(at, at + 4));
  return brands;
}

/**
 * HEIF (ISO/IEC 23008-12), section 10, whose `mif1` holds any coding, and annexes B to M: HEVC, AVC,
 * JPEG, VVC, EVC, JPEG 2000 and plain samples.
 */
const heifBrand =
  /^(he(ic|ix|im|is|vc|vx|vm|vs)|mif[123]|msf1|miaf|1pic|avc[is]|jpeg|jpgs|vvi[cs]|ev[bm][is]|j2ki|j2is|unif)$/;

/** The brands of AVIF are in AVIF 1.1, section 6. */
function formatOfBrands(brands: readonly string[], bytes: Buffer): ImageFormat | null {
  if (brands[0] === 'crx ') return 'raw';
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  // Any coding may be behind `mif1`; `av01` is the type of an item.
  const isCodedAny = brands.includes('mif1') && !brands.some((brand) => brand.startsWith('he'));
  if (isCodedAny && bytes.includes('av01', 0, 'latin1')) return 'avif';
  return brands.some((brand) => heifBrand.test(brand)) ? 'heic' : null;
}

/** Sizes of the header that follows, which no text that begins with "BM" has. */
function isBitmapHeader(bytes: Buffer): boolean {
  return bytes.length >= 18 && [12, 16, 40, 52, 56, 64, 108, 124].includes(bytes.readUInt32LE(14));
}

const rawTags = { subfileType: 254, compression: 259, photometric: 262, make: 271, subIfds: 330 };
const dngVersion = 50_706;
/** Compressions and colours that only sensors have: NEF, ARW, PEF, SRW, Kodak; CFA, LinearRaw. */
const rawCompressions = [32_767, 32_769, 32_770, 34_713, 65_000, 65_535];
const rawColours = [32_803, 34_892];

/**
 * Whether a TIFF file holds what a sensor saw. Cameras put a small picture first and the sensor's
 * behind; an edited TIFF keeps the camera's name, and has its picture first.
 */
function isRaw(bytes: Buffer, name: string): boolean {
  // Canon's mark of CR2.
  if (bytes.toString('latin1', 8, 10) === 'CR') return true;
  const named = kindOfName(name);
  if (named !== null && 'supported' in named && named.supported === 'raw') return true;
  const first = readTiffDirectory(bytes);
  if (first === null) return false;
  const one = (tag: number) => first.numbers(tag)[0] ?? 0;
  return (
    first.fields.has(dngVersion) ||
    rawCompressions.includes(one(rawTags.compression)) ||
    rawColours.includes(one(rawTags.photometric)) ||
    (one(rawTags.subfileType) === 1 &&
      first.text(rawTags.make) !== '' &&
      first.fields.has(rawTags.subIfds))
  );
}

const marks: readonly (readonly [UnsupportedKind, ...string[]])[] = [
  ['video', 'RIFF....AVI ', '\x1aE\xdf\xa3', '\0\0\x01\xba', '\0\0\x01\xb3', 'FLV\x01', '.RMF'],
  ['video', '0&\xb2u\x8ef\xcf\x11\xa6\xd9'],
  ['video', '....moov', '....mdat', '....wide', '....pnot', '....skip', '....free'],
  ['audio', 'RIFF....WAVE', 'ID3', 'fLaC', 'FORM....AIF', '#!AMR', 'MThd\0\0'],
  ['eps', '%!PS', '\xc5\xd0\xd3\xc6'],
  ['pdf', '%PDF-'],
  ['psd', '8BPS\0'],
  ['xcf', 'gimp xcf'],
  ['exr', 'v/1\x01'],
  ['hdr', '#?RADIANCE', '#?RGBE'],
  ['jp2', '\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'],
  ['jxr', 'II\xbc\x01'],
  ['qoi', 'qoif'],
  ['ico', '\0\0\x01\0.\0.', '\0\0\x02\0.\0.'],
  ['dds', 'DDS \x7c\0\0\0'],
  ['djvu', 'AT&TFORM'],
  ['crw', 'II\x1a\0\0\0HEAPCCDR'],
  ['mrw', '\0MRM'],
  ['x3f', 'FOVb'],
];

function sniffUnsupported(bytes: Buffer): UnsupportedKind | null {
  const head = bytes.toString('latin1', 0, 16);
  const marked = marks.find(([, ...own]) => own.some((mark) => begins(head, mark)));
  if (marked !== undefined) return marked[0];
  if (head.slice(4, 8) === 'ftyp') return /^M4[AB] $/.test(brandsOf(bytes)[0]) ? 'audio' : 'video';
  if (head.startsWith('OggS')) return bytes.includes('theora', 0, 'latin1') ? 'video' : 'audio';
  if (isTransportStream(bytes)) return 'video';
  if (/^P[1-7]\s/.test(head)) return 'pnm';
  return isSvg(bytes) ? 'svg' : null;
}

/** MPEG transport streams repeat a byte with each packet; those of camcorders have 4 bytes more. */
function isTransportStream(bytes: Buffer): boolean {
  return [
    [0, 188],
    [4, 192],
  ].some(
    ([start, step]) =>
      bytes.length > start + 3 * step &&
      [0, 1, 2, 3].every((packet) => bytes[start + packet * step] === 0x47),
  );
}

function isSvg(bytes: Buffer): boolean {
  const text = bytes.toString('utf8', 0, BYTES_TO_SNIFF);
  return /^\ufeff?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->)[^])*-->\s*|<!DOCTYPE\s+svg[^[>]*(\[[^\]]*\]\s*)?>\s*)*<(\w+:)?svg[\s>]/.test(
    text,
  );
}

/** Whether nothing but text is in the bytes, as in a playlist or a page called by another name. */
function isText(bytes: Buffer): boolean {
  return bytes.length > 0 && !bytes.subarray(0, BYTES_TO_SNIFF).some((byte) => byte < 9);
}
