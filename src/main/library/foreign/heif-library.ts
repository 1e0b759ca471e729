import { createRequire } from 'node:module';
import type { MainModule } from 'libheif-js/libheif-wasm/libheif.js';

/** libheif with its HEVC decoder, in a memory of its own that grows to 2 GB and never shrinks. */
export type HeifLibrary = MainModule;

const require = createRequire(import.meta.url);

/** A fresh instance, from the file in the package. */
export function loadHeifLibrary(): HeifLibrary {
  const create: (options: object) => HeifLibrary = require('libheif-js/libheif-wasm/libheif.js');
  // It prints what it thinks of a damaged file; its errors say so too.
  return create({ print: () => {}, printErr: () => {} });
}

/** An error of libheif (`heif_error`). */
export class HeifError extends Error {
  override readonly name = 'HeifError';
  /** `heif_error_code`. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const errorSize = 12;

/**
 * Calls a function of libheif that answers with a `heif_error` and, in the place it is given, with a
 * pointer.
 *
 * @param call Takes the place of the error and of the pointer.
 * @throws HeifError
 */
export function heifPointer(
  library: HeifLibrary,
  call: (error: number, result: number) => void,
): number {
  const error = library._malloc(errorSize + 4);
  try {
    const result = error + errorSize;
    library.HEAPU32[result / 4] = 0;
    call(error, result);
    // Read anew each time: the views change as the memory grows.
    const [code, , message] = library.HEAPU32.subarray(error / 4, error / 4 + 3);
    if (code !== 0) throw new HeifError(code, textAt(library, message));
    return library.HEAPU32[result / 4];
  } finally {
    library._free(error);
  }
}

function textAt({ HEAPU8 }: HeifLibrary, start: number): string {
  const end = HEAPU8.indexOf(0, start);
  return Buffer.from(HEAPU8.subarray(start, end)).toString('utf8');
}
