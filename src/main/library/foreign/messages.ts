import type { ErrorShape } from '#shared/errors.ts';

/** Formats with a decoder of their own, which runs in a thread. */
export type ForeignFormat = 'heic' | 'jxl' | 'bmp';

/** A file to decode; a thread has one at a time. */
export interface DecodeRequest {
  readonly format: ForeignFormat;
  readonly bytes: Uint8Array;
  /** How messages call the file. */
  readonly name: string;
}

export type DecodeReply =
  | {
      readonly kind: 'decoded';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly notices: readonly string[];
      /** Bytes of memory that the thread's decoders keep. */
      readonly memory: number;
    }
  /** The file cannot be decoded. */
  | { readonly kind: 'failed'; readonly error: ErrorShape; readonly memory: number }
  /** A decoder broke on the file, and is not to be used again. */
  | { readonly kind: 'broken'; readonly message: string };
