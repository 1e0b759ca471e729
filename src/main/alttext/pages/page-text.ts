import { isUtf8 } from 'node:buffer';

/** The text of a page, with the way back to its bytes. */
export interface PageText {
  readonly text: string;
  /** As the WHATWG names it. */
  readonly encoding: string;
  /** Why the page cannot be changed; null when it can. */
  readonly locked: string | null;
  /** Bytes of a text of this page; null where it has a character that the encoding does not have. */
  readonly encode: (text: string) => Buffer | null;
}

interface Codec {
  readonly encoding: string;
  readonly mark: Buffer;
  readonly decode: (bytes: Uint8Array) => string;
  /** Null where the text, or whatever the encoding, cannot be written. */
  readonly encode: (text: string) => Buffer | null;
}

/** Bytes in which a page says what it is encoded in. */
const DECLARED_WITHIN = 1024;
const declarations = [
  /<meta\s[^>]*charset\s*=\s*["']?\s*([\w.:-]+)/i,
  /^\s*<\?xml\s[^>]*encoding\s*=\s*["']([\w.:-]+)/i,
];
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads the bytes of a page: by its byte order mark, by what it declares, as UTF-8 where they are
 * that, and as Windows-1252, as browsers do. A page whose bytes do not come back from its text is
 * locked: writing it would change more than was asked for.
 */
export function decodePage(bytes: Buffer): PageText {
  const { mark, encoding, decode, encode } = codecOf(bytes);
  const text = decode(bytes.subarray(mark.length));
  const withMark = (each: string): Buffer | null => {
    const body = encode(each);
    return body === null ? null : Buffer.concat([mark, body]);
  };
  const comesBack = withMark(text)?.equals(bytes) === true;
  return {
    text,
    encoding,
    encode: withMark,
    locked: comesBack
      ? null
      : `It is not all text in ${encoding}, and would not be kept as it is. Save it as UTF-8 to change it.`,
  };
}

function codecOf(bytes: Buffer): Codec {
  if (bytes.subarray(0, 3).equals(utf8Mark)) return utf8(utf8Mark);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16('utf-16le', bytes.subarray(0, 2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16('utf-16be', bytes.subarray(0, 2));
  const label = declaredEncoding(bytes);
  if (label !== null && !/^utf-/.test(label)) return legacy(label);
  return label === null && !isUtf8(bytes) ? legacy('windows-1252') : utf8(Buffer.alloc(0));
}

/** Null where none that is known is declared. */
function declaredEncoding(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, DECLARED_WITHIN);
  for (const declaration of declarations) {
    const label = declaration.exec(head)?.[1];
    if (label === undefined) continue;
    try {
      return new TextDecoder(label).encoding;
    } catch {
      return null;
    }
  }
  return null;
}

function utf8(mark: Buffer): Codec {
  return {
    encoding: 'utf-8',
    mark,
    decode: (bytes) => Buffer.from(bytes).toString('utf8'),
    encode: (text) => Buffer.from(text, 'utf8'),
  };
}

function utf16(encoding: 'utf-16le' | 'utf-16be', mark: Buffer): Codec {
  const isBig = encoding === 'utf-16be';
  return {
    encoding,
    mark: Buffer.from(mark),
    decode: (bytes) => new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes),
    encode: (text) => {
      const bytes = Buffer.from(text, 'utf16le');
      return isBig ? bytes.swap16() : bytes;
    },
  };
}

/** Encodings of one byte a character are written by their table; the others are only read. */
function legacy(encoding: string): Codec {
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const character = decoder.decode(Uint8Array.of(byte));
    if (character !== '\ufffd') table.set(character, byte);
  }
  return {
    encoding,
    mark: Buffer.alloc(0),
    decode: (bytes) => decoder.decode(bytes),
    encode: (text) => {
      const bytes = [...text].map((character) => table.get(character) ?? -1);
      return bytes.includes(-1) ? null : Buffer.from(bytes);
    },
  };
}
