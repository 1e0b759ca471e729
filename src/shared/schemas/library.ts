import { z } from 'zod';

export const LibraryInfo = z.object({
  /** Absolute path of the library folder (database and thumbnails, never originals). */
  path: z.string(),
  /** Moves with every change of the library: what was read at another revision may be stale. */
  revision: z.int(),
  /** Moves when photos came, went or changed, and not with their captions. */
  photosRevision: z.int(),
  photos: z.int(),
  /** Of these, the ones whose disk or folder is not there. */
  missing: z.int(),
  embedded: z.int(),
  captioned: z.int(),
  /** Absolute paths of the folders of photos. */
  folders: z.array(z.string()),
});
export type LibraryInfo = z.infer<typeof LibraryInfo>;

/** What looking through a folder came to, in picture files. */
export const FolderLook = z.object({
  /** ISO 8601: when it came to its end. */
  at: z.string(),
  fresh: z.int(),
  /** Known before, and read again since they, or what is said of them, changed. */
  changed: z.int(),
  back: z.int(),
  gone: z.int(),
});
export type FolderLook = z.infer<typeof FolderLook>;

/** A folder of photos of the library. */
export const PhotoFolder = z.object({
  /** Absolute. */
  path: z.string(),
  /** Photos on show that have a file in it, or in a folder inside it. */
  photos: z.int(),
  /** Whether it can be reached now. */
  connected: z.boolean(),
  /** Null where nobody has since Medley started, or every byte of it is read to tell. */
  look: FolderLook.nullable(),
});
export type PhotoFolder = z.infer<typeof PhotoFolder>;

/** A file that Medley left out, since it cannot read such files. */
export const Unsupported = z.object({
  file: z.string(),
  /** What it is, as `video`. */
  kind: z.string(),
});
export type Unsupported = z.infer<typeof Unsupported>;

/** Something a person should know of how a file was read. */
export const FileNotice = z.object({ file: z.string(), notice: z.string() });
export type FileNotice = z.infer<typeof FileNotice>;

/** What of the folders is not in the library, or not as it should be. Failures are in `Failure`. */
export const LeftOut = z.object({
  unsupported: z.array(Unsupported),
  notices: z.array(FileNotice),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** What a repair did, in words for a person. */
export const RepairReport = z.object({
  /** Tables that were sound, and what could still be read of others. */
  kept: z.array(z.string()),
  /** What was damaged, and how it comes to be again. */
  rebuilt: z.array(z.string()),
  /** What came back of what a person wrote and decided. */
  restored: z.array(z.string()),
  /** Where everything damaged lies now; null where nothing was. */
  damagedFolder: z.string().nullable(),
});
export type RepairReport = z.infer<typeof RepairReport>;

/** A folder as the folder picker shows it. */
export const FolderListing = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string() })),
  /** Picture files directly inside. */
  pictures: z.int(),
});
export type FolderListing = z.infer<typeof FolderListing>;
