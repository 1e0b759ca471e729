/**
 * Every failure a person can meet, by code. A code is part of the API: doors map it to an exit
 * status, an HTTP status or a message, and tests assert on it rather than on prose.
 */
export const errorCodes = [
  'bad-request',
  'cancelled',
  'checkpoint-invalid',
  'device-unavailable',
  'disk-full',
  'download-failed',
  'engine-stopped',
  'file-changed',
  'file-missing',
  'file-not-written',
  'file-read-only',
  'file-unreadable',
  'folder-missing',
  'folder-read-only',
  'image-corrupt',
  'image-too-large',
  'image-unsupported',
  'internal',
  'library-damaged',
  'library-locked',
  'library-newer',
  'model-busy',
  'model-unknown',
  'offline',
  'photo-unknown',
  'port-in-use',
  'too-few-handles',
  'too-many-calls',
  'training-diverged',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The form in which an error crosses a process or a socket. */
export interface ErrorShape {
  readonly code: ErrorCode;
  readonly message: string;
  readonly subject?: string | undefined;
}

/**
 * An error with a code, a one-line message that says what to do, and the file, tensor or setting
 * at fault.
 */
export class MedleyError extends Error {
  override readonly name = 'MedleyError';
  readonly code: ErrorCode;
  /** The file, tensor or setting at fault. */
  readonly subject: string | undefined;

  constructor(code: ErrorCode, message: string, options?: { subject?: string; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.subject = options?.subject;
  }
}

/** The one-line reason of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns anything thrown into what may cross a door; unknown errors become `internal`. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof MedleyError) {
    return { code: error.code, message: error.message, subject: error.subject };
  }
  return { code: 'internal', message: messageOf(error) };
}

/** The reverse of {@link toErrorShape}. */
export function fromErrorShape(shape: ErrorShape): MedleyError {
  return new MedleyError(
    shape.code,
    shape.message,
    shape.subject === undefined ? undefined : { subject: shape.subject },
  );
}
