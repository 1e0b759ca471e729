const startOfImage = 0xffd8;
const startOfScan = 0xda;

/**
 * Segments of a JPEG that say nothing of what it shows, by marker and by how they begin: JFIF
 * (JFIF 1.02), a colour profile (ICC.1, annex B) and how its colours are coded (Adobe's).
 */
const silentSegments: readonly (readonly [marker: number, start: string])[] = [
  [0xe0, 'JFIF\0'],
  [0xe0, 'JFXX\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
];

/**
 * Whether a file is a JPEG that says nothing of itself, as most from the web: up to its pixels
 * there are only segments by which it is decoded (ITU-T T.81, annex B), and silent ones. In doubt it
 * may say something.
 */
export function isSilentJpeg(bytes: Buffer): boolean {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== startOfImage) return false;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    if (marker === startOfScan) return true;
    if (!isCoding(marker) && !isSilent(bytes, at)) return false;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}

/** Frames, tables and lengths: SOF to DAC, and DQT to EXP. */
function isCoding(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xdb && marker <= 0xdf);
}

function isSilent(bytes: Buffer, at: number): boolean {
  return silentSegments.some(
    ([marker, start]) =>
      bytes[at + 1] === marker && bytes.toString('latin1', at + 4, at + 4 + start.length) === start,
  );
}
