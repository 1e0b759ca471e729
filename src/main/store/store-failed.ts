import { MedleyError, messageOf } from '#shared/errors.ts';

/** What LanceDB says, in Rust's words, when the disk has no room. */
const diskFull = /No space left on device|os error 28|not enough space on the disk|StorageFull/i;
const outOfHandles = /Too many open files|os error 24/i;

/**
 * An error of the database in words a person understands. Medley asks it nothing that can fail on
 * sound files, so whatever else fails speaks of damaged ones.
 */
export function storeFailed(table: string, error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const message = messageOf(error);
  if (diskFull.test(message)) {
    return new MedleyError(
      'disk-full',
      'The disk of the library is full. Make room, then let the work go on: nothing is lost.',
      { subject: table, cause: error },
    );
  }
  if (outOfHandles.test(message)) return tooFewHandles(table, error);
  return new MedleyError(
    'library-damaged',
    `The library's database is damaged: its table of ${table} cannot be read. Close Medley and run: medley repair --library LIB. Photos are never touched, and captions and decisions of yours are kept beside the database.`,
    { subject: table, cause: error },
  );
}

export function tooFewHandles(subject: string, cause?: unknown): MedleyError {
  return new MedleyError(
    'too-few-handles',
    'Medley may open too few files at once to read its library. Raise the limit (ulimit -n 1024) and start again.',
    { subject, cause },
  );
}
