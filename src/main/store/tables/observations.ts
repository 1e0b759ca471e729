import { z } from 'zod';
import { json, nullable, text, word } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable } from '../stored-table.ts';

/** Where something was said of a photo. */
export const ObservationSource = z.enum([
  'embedded',
  'sidecar',
  'text',
  'takeout',
  'table',
  'page',
]);
export type ObservationSource = z.infer<typeof ObservationSource>;

/** What a field held: a text, a number, or a list of them. */
export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]);
export type FieldValue = z.infer<typeof FieldValue>;

export const observationsDeclaration = declareTable(
  'observations',
  'id',
  {
    /** Made by {@link observationId}. */
    id: text(),
    /** The content of which it was said. */
    contentId: text(),
    source: word(ObservationSource),
    /** The file that says it where that is not the photo itself, as a sidecar. */
    path: nullable(text()),
    /** Exiftool's name with its group, as `XMP-dc:Description`. */
    field: text(),
    value: json(FieldValue),
    /** ISO 8601. */
    readAt: text(),
  },
  ['contentId'],
);

/** What a file said of a photo in one field, as it was read. */
export type ObservationRow = RowOf<typeof observationsDeclaration>;

/** Names what one place says of a content in one field. */
export function observationId(
  contentId: string,
  source: ObservationSource,
  field: string,
  path: string | null = null,
): string {
  return [contentId, source, field, ...(path === null ? [] : [path])].join(' ');
}

/** The content that an observation is about. */
export function contentOfObservation(id: string): string {
  return id.slice(0, id.indexOf(' '));
}

/** The file beside the photo that says it; null when the photo itself does. */
export function pathOfObservation(id: string): string | null {
  return id.split(' ').slice(3).join(' ') || null;
}

/** What files said of themselves, field by field, so that it can be compared and written back. */
export class ObservationTable {
  readonly table: StoredTable<ObservationRow>;

  private constructor(table: StoredTable<ObservationRow>) {
    this.table = table;
  }

  static async open(database: Database, onCommit: () => void): Promise<ObservationTable> {
    return new ObservationTable(
      await StoredTable.open(database, observationsDeclaration, onCommit),
    );
  }

  /** Inserts what was read, in place of what was read there before. */
  async put(rows: readonly ObservationRow[]): Promise<void> {
    await this.table.put(
      rows,
      () => true,
      () => {},
    );
  }

  /** Removes what is not said any more. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.table.remove('id', ids, () => {});
  }

  /** Removes all that these files beside photos said. */
  async forgetFiles(paths: readonly string[]): Promise<void> {
    await this.table.remove('path', paths, () => {});
  }

  /** By content; contents of which nothing was said are left out. */
  async of(contentIds: readonly string[]): Promise<Map<string, ObservationRow[]>> {
    return Map.groupBy(await this.table.find('contentId', contentIds), (row) => row.contentId);
  }
}
