import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { withWeightsFile } from '#main/med/formats/weights-file.ts';
import { dataOffsetOf, readZipDirectory, type ZipEntry } from '#main/med/pth/zip-directory.ts';
import { MedleyError } from '#shared/errors.ts';

/** One file of a Python wheel or a NuGet package, and where its bytes are. */
export interface PackedFile {
  readonly archive: string;
  readonly offset: number;
  readonly entry: ZipEntry;
}

const stored = 0;
const deflated = 8;

/**
 * Finds the files of these names in a zip archive, in whatever folder they lie.
 * @throws MedleyError `file-missing`, or `file-unreadable` when it is no zip archive or lacks one of them
 */
export async function findInArchive(
  archive: string,
  names: readonly string[],
): Promise<PackedFile[]> {
  try {
    return await withWeightsFile(archive, async (file) => {
      const entries = [...(await readZipDirectory(file)).values()];
      const found: PackedFile[] = [];
      for (const name of names) {
        const entry = entries.find((each) => basename(each.name) === name);
        if (!entry) throw unreadable(archive, `it holds no ${name}`);
        found.push({ archive, entry, offset: await dataOffsetOf(file, entry) });
      }
      return found;
    });
  } catch (error) {
    if (error instanceof MedleyError && error.code === 'file-unreadable') throw error;
    if (error instanceof MedleyError && error.code === 'file-missing') {
      throw new MedleyError('file-missing', `${archive} cannot be opened.`, { subject: archive });
    }
    throw unreadable(archive, 'it is damaged, or no wheel or NuGet package', error);
  }
}

/** The first file whose name `matches`, as text; null where there is none. */
export async function readText(archive: string, matches: RegExp): Promise<string | null> {
  const packed = await withWeightsFile(archive, async (file) => {
    const entries = [...(await readZipDirectory(file)).values()];
    const entry = entries.find(({ name }) => matches.test(name));
    return entry ? { archive, entry, offset: await dataOffsetOf(file, entry) } : null;
  }).catch(() => null);
  if (packed === null) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of unpacked(packed)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Unpacks files into a folder. Each gets its name when it is there whole.
 * @throws MedleyError `file-unreadable`, naming the archive
 */
export async function unpackInto(folder: string, files: readonly PackedFile[]): Promise<void> {
  for (const file of files) {
    const path = join(folder, basename(file.entry.name));
    const draft = `${path}.part`;
    try {
      await pipeline(unpacked(file), createWriteStream(draft));
      if ((await stat(draft)).size !== file.entry.size) throw new Error('It has another size.');
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw unreadable(file.archive, `${file.entry.name} cannot be unpacked`, error);
    }
  }
}

async function* unpacked({ archive, offset, entry }: PackedFile): AsyncGenerator<Buffer> {
  if (entry.method !== stored && entry.method !== deflated) {
    throw new Error(`It is packed by method ${entry.method}.`);
  }
  if (entry.packed === 0) return;
  const raw = createReadStream(archive, { start: offset, end: offset + entry.packed - 1 });
  const inflate = createInflateRaw();
  const source = entry.method === stored ? raw : raw.pipe(inflate);
  raw.once('error', (error) => inflate.destroy(error));
  for await (const chunk of source) if (Buffer.isBuffer(chunk)) yield chunk;
}

function unreadable(archive: string, why: string, cause?: unknown): MedleyError {
  return new MedleyError('file-unreadable', `${archive}: ${why}.`, { subject: archive, cause });
}
