import { FieldValue, type ObservationSource } from '#main/store/tables/observations.ts';
import type { MetadataReader } from './metadata-reader.ts';

/** What one place says of a photo. */
export interface Said {
  readonly source: ObservationSource;
  /** The file that says it where that is not the photo itself. */
  readonly path: string | null;
  /** By exiftool's names with their groups, as `XMP-dc:Description`. */
  readonly tags: Readonly<Record<string, FieldValue>>;
}

/** A file that speaks of a photo beside it. */
export interface Attached {
  /** Absolute. */
  readonly path: string;
  readonly role: 'sidecar' | 'takeout';
}

/**
 * What a photo and the files beside it say of it; nothing where exiftool fails on it.
 *
 * @returns null where exiftool itself fails, so that it is unknown what the photo says
 */
export async function readSaid(
  metadata: MetadataReader,
  photoPath: string,
  _attached: readonly Attached[],
): Promise<readonly Said[] | null> {
  const tags = await metadata.read(photoPath);
  return tags === null ? null : [{ source: 'embedded', path: null, tags: fieldsOf(tags) }];
}

function fieldsOf(tags: object): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([field, given]) => {
      const value = FieldValue.safeParse(given);
      return field.includes(':') && value.success ? [[field, value.data]] : [];
    }),
  );
}
