import { z } from 'zod';

/** What a journal row of the kind `file-written` says of a file before it was written; null where none was there. */
export const WrittenBefore = z.object({
  /** Of its bytes: SHA-256 in hex. */
  hash: z.string(),
  /** Where they lie, from the folder `undo` of the library. */
  kept: z.string(),
});
export type WrittenBefore = z.infer<typeof WrittenBefore>;

/** What it says of the file after; null where it was deleted. */
export const WrittenAfter = z.object({ hash: z.string() });
export type WrittenAfter = z.infer<typeof WrittenAfter>;
