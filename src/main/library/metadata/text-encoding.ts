/** Unicode of the bytes 0x80 to 0x9F in Windows-1252; 0 where it leaves a byte undefined. */
const windows1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
  0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
  0x203a, 0x0153, 0, 0x017e, 0x0178,
];
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Many programs write UTF-8 into IPTC and EXIF fields without declaring it, where Latin is the
 * default. Text read as Windows-1252 whose bytes are valid UTF-8 was UTF-8: in real Latin text
 * that hardly ever happens.
 */
export function repairEncoding(text: string): string {
  const bytes = new Uint8Array(text.length);
  let ascii = true;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const byte = code < 0x100 ? code : 0x80 + windows1252.indexOf(code);
    if (byte < 0x80 && code >= 0x100) return text;
    bytes[i] = byte;
    ascii &&= byte < 0x80;
  }
  if (ascii) return text;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return text;
  }
}
