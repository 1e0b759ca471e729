import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonFile } from '#main/files/json-file.ts';
import { partSize } from './hub/part-file.ts';
import type { RemoteModel } from './hub/remote-file.ts';

const suffix = '.partial';
const noteName = 'download.json';

/** What a folder of a download that is not finished says about itself, in `download.json`. */
const StagingNote = z.object({
  origin: z.string(),
  name: z.string(),
  /** The branch, tag or commit that was asked for; null for the usual one. */
  revision: z.string().nullable(),
  files: z.array(z.object({ name: z.string(), size: z.int().nullable() })),
});
export type StagingNote = z.infer<typeof StagingNote>;

/** The folder in which a model is put together; it gets its name when it is whole. */
export function stagingFolder(home: string, folderName: string): string {
  return join(home, folderName + suffix);
}

/** Makes the folder, or takes over the one of a download that was cut off. */
export async function openStaging(
  folder: string,
  { origin, name, files }: RemoteModel,
  revision: string | null,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const note: StagingNote = {
    origin,
    name,
    revision,
    files: files.map((file) => ({ name: file.name, size: file.size })),
  };
  await writeJsonFile(join(folder, noteName), note);
}

/** Bytes there are of a file, whole or in part. */
export async function bytesThere(folder: string, name: string): Promise<number> {
  return (await sizeOf(join(folder, name))) ?? partSize(join(folder, name));
}

/** Bytes of a file; null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
}

/** Leaves nothing in the folder but the files of the model. */
export async function tidyStaging(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!names.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Puts a whole model in its place; one that was there goes. */
export async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  const former = `${folder}.former`;
  await rm(former, { recursive: true, force: true });
  await renameIfThere(folder, former);
  await rename(staging, folder);
  await rm(former, { recursive: true, force: true });
}

/** Renames a folder; says whether it was there. */
export async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** A download that can be taken up where it stopped. */
export interface StoppedDownload extends StagingNote {
  readonly folder: string;
  readonly done: readonly number[];
}

/** Every download in `home` that is not finished. */
export async function stoppedDownloads(home: string): Promise<StoppedDownload[]> {
  const names = await readdir(home).catch(() => []);
  const found: StoppedDownload[] = [];
  for (const name of names.filter((each) => each.endsWith(suffix)).sort()) {
    const folder = join(home, name);
    const note = await readNote(folder);
    if (note === null) continue;
    const done = await Promise.all(note.files.map((file) => bytesThere(folder, file.name)));
    found.push({ ...note, folder, done });
  }
  return found;
}

async function readNote(folder: string): Promise<StagingNote | null> {
  try {
    return StagingNote.parse(JSON.parse(await readFile(join(folder, noteName), 'utf8')));
  } catch {
    return null;
  }
}
