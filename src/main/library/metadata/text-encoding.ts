import { detectAll } from 'jschardet';

/** A text, and whether its character set is known. */
export interface DecodedText {
  readonly text: string;
  readonly isSure: boolean;
}

/** Exiftool gives a text so whose bytes are not UTF-8. */
const base64 = /^base64:((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?)$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const latin = new TextDecoder('windows-1252');

const cyrillic = /^[\p{sc=Cyrillic}\p{sc=Latin}]*$/u;
/** The character sets that are looked for, by the detector's names, with the letters of each. */
const charsets: readonly (readonly [label: string, names: RegExp, letters: RegExp])[] = [
  [
    'shift_jis',
    /^(?:cp932|shift_jis)/i,
    /^(?:(?![\uff61-\uff9f])[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Latin}ー])*$/u,
  ],
  ['euc-jp', /^euc-jp/i, /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Latin}ー]*$/u],
  ['gb18030', /^gb/i, /^[\p{sc=Han}\p{sc=Latin}]*$/u],
  ['big5', /^big5/i, /^[\p{sc=Han}\p{sc=Latin}]*$/u],
  ['euc-kr', /^(?:cp949|euc-kr)/i, /^[\p{sc=Hangul}\p{sc=Han}\p{sc=Latin}]*$/u],
  ['windows-1251', /^windows-1251$/i, cyrillic],
  ['koi8-r', /^koi8-r$/i, cyrillic],
  ['windows-1253', /^(?:windows-1253|iso-8859-7)$/i, /^[\p{sc=Greek}\p{sc=Latin}µ]*$/u],
  ['windows-1255', /^(?:windows-1255|iso-8859-8)$/i, /^[\p{sc=Hebrew}\p{sc=Latin}]*$/u],
  ['windows-1256', /^windows-1256$/i, /^[\p{sc=Arabic}\p{sc=Latin}]*$/u],
  ['windows-874', /^(?:cp874|tis-620|iso-8859-11|windows-874)$/i, /^[\p{sc=Thai}\p{sc=Latin}]*$/u],
];
/** What the detector must be sure of, of 1; of short texts it never is much more. */
const leastConfidence = 0.1;
/** What makes a text in Latin letters doubtful, for each character that is not ASCII. */
const mostOddity = 0.3;

/** A text as a person reads it: bytes that are no UTF-8 decoded, UTF-8 read as Latin put right. */
export function readableText(value: string): DecodedText {
  const bytes = base64.exec(value)?.[1];
  return bytes === undefined
    ? { text: repairEncoding(value), isSure: true }
    : decodeText(Buffer.from(bytes, 'base64'));
}

/**
 * A text whose character set nobody tells: UTF-8, if need be without a character that was cut at its
 * end; else what it is most likely. In doubt it is read as Windows-1252, which loses nothing.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const utf8 = decodeUtf8(bytes);
  if (utf8 !== null) return { text: utf8, isSure: true };
  const latinTexts = isSparse(bytes) ? readAsLatin(bytes) : [];
  const [first] = latinTexts;
  if (first !== undefined && first.oddity === 0) return { text: first.text, isSure: true };
  const detected = detectText(bytes);
  if (detected !== null) return { text: detected, isSure: true };
  if (first !== undefined && first.oddity < mostOddity) return { text: first.text, isSure: true };
  return { text: latin.decode(bytes), isSure: false };
}

/** UTF-8, without a character that is cut at the end. */
function decodeUtf8(bytes: Uint8Array): string | null {
  const whole = decodeStrictly(strictUtf8, bytes);
  if (whole !== null) return whole;
  try {
    // A decoder that expects more to come leaves what is not complete.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    const cut = bytes.length - Buffer.byteLength(text);
    // One byte at the end of what else is ASCII is a Latin letter.
    return cut > 1 || /[^\0-\x7f]/.test(text) ? text : null;
  } catch {
    return null;
  }
}

function decodeStrictly(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Whether bytes beyond ASCII are few and apart, as in texts of Latin letters. */
function isSparse(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  const letters = text.match(/[A-Za-z]/g)?.length ?? 0;
  const high = text.match(/[\x80-\xff]/g)?.length ?? 0;
  return 2 * letters >= high && !/[\x80-\xff]{3}/.test(text);
}

/** The text in the character sets of Latin letters, the least odd first. */
function readAsLatin(bytes: Uint8Array) {
  return ['windows-1252', 'macintosh', 'windows-1250', 'iso-8859-2']
    .map((label) => {
      const text = new TextDecoder(label).decode(bytes);
      return { text, oddity: oddityOf(text) };
    })
    .sort((a, b) => a.oddity - b.oddity);
}

/** What is not found in words, by how odd it is. */
const oddities: readonly (readonly [weight: number, form: RegExp])[] = [
  [1, /[\x7f-\x9f]/g],
  [1, /[¤¦¨¬¯¸¹ƒˆ‡†˜˝˛ˇ˘˙◊Ωπ∂∆∏∑√∫≈≠≤≥]/g],
  // Letters of two cases, or a letter and a mark, as they do not meet in a word.
  [2, /\p{Ll}[\p{Lu}--[A-Z]]/gv],
  [2, /[\p{Ll}--[a-z]]\p{Lu}/gv],
  [1, /\p{L}[[^\x00-\x7f]--[\p{L}\p{N}\p{M}\s’‘–—…·´ªº]]\p{L}/gv],
  [1, /[£€¥¢§¶©®°]\p{L}/gu],
  [0.5, /\p{Ll}[–—]\p{Ll}/gu],
  // Letters that few Western languages have.
  [0.3, /[\p{Ll}--[a-zàáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßğışþð]]/gv],
];

/** How odd a text in Latin letters is, for each character that is not ASCII. */
function oddityOf(text: string): number {
  const high = text.match(/[^\x00-\x7f]/g)?.length ?? 0;
  const odd = oddities.map(([weight, form]) => weight * (text.match(form)?.length ?? 0));
  return odd.reduce((sum, each) => sum + each, 0) / Math.max(high, 1);
}

/** The text in the likeliest of the character sets whose letters it then has. */
function detectText(bytes: Uint8Array): string | null {
  for (const { encoding, confidence } of detectAll(Buffer.from(bytes))) {
    if (confidence < leastConfidence) continue;
    const charset = charsets.find(([, names]) => names.test(encoding ?? ''));
    if (charset === undefined) continue;
    const [label, , letters] = charset;
    const text = decodeStrictly(new TextDecoder(label, { fatal: true }), bytes);
    if (text !== null && isOf(text, letters)) return text;
  }
  return null;
}

function isOf(text: string, letters: RegExp): boolean {
  return !/[\p{Co}\p{Cn}\x80-\x9f]/u.test(text) && letters.test(text.replace(/[^\p{L}]/gu, ''));
}

/** Unicode of the bytes 0x80 to 0x9F in Windows-1252; 0 where it leaves a byte undefined. */
const windows1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
  0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
  0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/**
 * Some programs keep UTF-8 as if it were Latin. Text read as Windows-1252 whose bytes are valid UTF-8
 * was UTF-8: in real Latin text that hardly ever happens.
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
  return ascii ? text : (decodeStrictly(strictUtf8, bytes) ?? text);
}
