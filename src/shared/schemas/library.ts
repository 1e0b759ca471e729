import { z } from 'zod';

export const LibraryInfo = z.object({
  /** Absolute path of the library folder (database and thumbnails, never originals). */
  path: z.string(),
  photos: z.int(),
  embedded: z.int(),
  captioned: z.int(),
  /** Absolute paths of the folders of photos. */
  folders: z.array(z.string()),
});
export type LibraryInfo = z.infer<typeof LibraryInfo>;

/** A folder as the folder picker shows it. */
export const FolderListing = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string() })),
  /** Picture files directly inside. */
  pictures: z.int(),
});
export type FolderListing = z.infer<typeof FolderListing>;
