import { MedleyError, messageOf } from '#shared/errors.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'Medley may not read it; check its permissions.',
  EPERM: 'Medley may not read it; check its permissions.',
  ELOOP: 'It is a symbolic link that leads back to itself.',
  ENAMETOOLONG: 'Its name is too long.',
  EISDIR: 'It is a folder.',
  EIO: 'The disk reported an error.',
};

/** A file or folder that could not be read, with a reason a person can act on. */
export function readingFailed(path: string, error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return new MedleyError('file-missing', `${path} is not there.`, {
      subject: path,
      cause: error,
    });
  }
  const reason = reasons[code] ?? messageOf(error);
  return new MedleyError('file-unreadable', `${path} cannot be read. ${reason}`, {
    subject: path,
    cause: error,
  });
}
