import { readFile, stat } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';

/** Far above any configuration or vocabulary: the largest of BERT's take 4 MB. */
const MAX_BYTES = 8 * 2 ** 20;

/**
 * The text of a file of settings or words beside the weights; null where there is none.
 *
 * @throws MedleyError `checkpoint-invalid` for a folder, a pipe or a file too large to be one,
 *   `file-unreadable` where it cannot be read; both name the file
 */
export async function readSettingsFile(file: string): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  const fail = (reason: string) =>
    new MedleyError('checkpoint-invalid', `${file}: ${reason}`, { subject: file });
  // A pipe would wait for its writer without end.
  if (!found.isFile()) throw fail('this is no file. Download the model again.');
  if (found.size > MAX_BYTES) throw fail("it is too large for a file of a model's settings.");
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MedleyError('file-unreadable', `${file}: it cannot be read.`, {
      subject: file,
      cause,
    });
  }
}
