import { readFile } from 'node:fs/promises';
import { messageOf } from '#shared/errors.ts';
import { FieldValue, type ObservationSource } from '#main/store/tables/observations.ts';
import type { TextRole } from '#main/store/tables/files.ts';
import { readCaptionLines } from './caption-lines.ts';
import type { MetadataReader } from './metadata-reader.ts';
import { isRead } from './read-tags.ts';
import { isSilentJpeg } from './silent-jpeg.ts';
import { parseTakeout } from './takeout.ts';

/** What one place says of a photo. */
export interface Said {
  readonly source: ObservationSource;
  /** The file that says it where that is not the photo itself. */
  readonly path: string | null;
  /** By exiftool's names with their groups, as `XMP-dc:Description`. */
  readonly tags: Readonly<Record<string, FieldValue>>;
}

/** A photo, as it was read. */
interface PhotoFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A file that speaks of a photo beside it. */
export interface Attached {
  /** Absolute. */
  readonly path: string;
  readonly role: TextRole;
}

/** In the tags of a file that cannot be read, or not whole: why. */
export const damageTag = 'ExifTool:Error';

/**
 * What a photo and the files beside it say of it; nothing where exiftool fails on the photo. A file
 * beside it that is damaged says so by {@link damageTag}; JSON that is not of Takeout says nothing, nor does a
 * text that is no caption.
 *
 * @returns null where exiftool itself fails, so that it is unknown what the photo says
 */
export async function readSaid(
  metadata: MetadataReader,
  { path, bytes }: PhotoFile,
  attached: readonly Attached[],
): Promise<readonly Said[] | null> {
  const [photo, ...others] = await Promise.all([
    isSilentJpeg(bytes) ? {} : metadata.read(path),
    ...attached.map(async (file) => await readAttached(metadata, file)),
  ]);
  if (photo === null || others.includes(null)) return null;
  return [
    { source: 'embedded', path: null, tags: fieldsOf(photo) },
    ...others.flatMap((said) => said ?? []),
  ];
}

/** @returns null where exiftool itself fails */
async function readAttached(metadata: MetadataReader, file: Attached): Promise<Said[] | null> {
  const { path, role } = file;
  if (role === 'takeout') return await readTakeout(path);
  if (role === 'text') return await readTextFile(path);
  const tags = await metadata.read(path);
  if (tags === null) return null;
  const damage = damageOf(new Map<string, unknown>(Object.entries(tags)));
  const broken: Said['tags'] = damage === null ? {} : { [damageTag]: damage };
  return [{ source: role, path, tags: { ...fieldsOf(tags), ...broken } }];
}

function damageOf(tags: ReadonlyMap<string, unknown>): string | null {
  const warning = String(tags.get('ExifTool:Warning') ?? '');
  if (/format error|unterminated|no closing/i.test(warning)) return warning;
  if (tags.has(damageTag)) return String(tags.get(damageTag));
  return tags.get('File:FileType') === 'XMP' ? null : 'It is not XMP.';
}

async function readTakeout(path: string): Promise<Said[]> {
  try {
    const tags = parseTakeout(await readFile(path, 'utf8'));
    return tags === null ? [] : [{ source: 'takeout', path, tags }];
  } catch {
    return [{ source: 'takeout', path, tags: { [damageTag]: 'It is not JSON.' } }];
  }
}

async function readTextFile(path: string): Promise<Said[]> {
  try {
    const tags = await readCaptionLines(path);
    return tags === null ? [] : [{ source: 'text', path, tags }];
  } catch (error) {
    return [{ source: 'text', path, tags: { [damageTag]: messageOf(error) } }];
  }
}

/** What is said of the photo, not of the file or the reading. */
function fieldsOf(tags: object): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([field, given]) => {
      const value = FieldValue.safeParse(given);
      return isRead(field) && value.success ? [[field, value.data]] : [];
    }),
  );
}
