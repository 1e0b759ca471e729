import { asDiskFull } from '#main/files/disk-full.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';

const outOfHandles = /Too many open files|os error 24/i;

/**
 * An error of the database in words a person understands. Medley asks it nothing that can fail on
 * sound files, so whatever else fails speaks of damaged ones.
 */
export function storeFailed(table: string, error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const full = asDiskFull(error, `the table ${table} of the library`);
  if (full instanceof MedleyError) return full;
  const message = messageOf(error);
  if (outOfHandles.test(message)) return tooFewHandles(table, error);
  return libraryDamaged(table, `its table of ${table} cannot be read`, error);
}

/** @param what The part that is damaged, and how. */
export function libraryDamaged(table: string, what: string, cause: unknown): MedleyError {
  return new MedleyError(
    'library-damaged',
    `The library's database is damaged: ${what}. Close Medley and run: medley repair --library LIB. Photos are never touched, and captions and decisions of yours are kept beside the database.`,
    { subject: table, cause },
  );
}

export function tooFewHandles(subject: string, cause?: unknown): MedleyError {
  return new MedleyError(
    'too-few-handles',
    'Medley may open too few files at once to read its library. Raise the limit (ulimit -n 1024) and start again.',
    { subject, cause },
  );
}
