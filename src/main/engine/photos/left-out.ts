import type { LeftOut } from '#shared/schemas/library.ts';
import type { Store } from '#main/store/store.ts';

/** What of the folders is not in the library, or not as it should be, in the order of paths. */
export async function leftOut(store: Store): Promise<LeftOut> {
  const here = [...store.tables.files.all()].filter(({ missing }) => missing === null);
  const told = await store.tables.contents.notices();
  return {
    unsupported: here
      .flatMap(({ path, kind }) => (kind === null ? [] : [{ file: path, kind }]))
      .sort((a, b) => (a.file < b.file ? -1 : 1)),
    notices: here
      .flatMap(({ path, contentId }) =>
        (told.get(contentId ?? '') ?? []).map((notice) => ({ file: path, notice })),
      )
      .sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}
