import type { Store } from '#main/store/store.ts';

/**
 * Opens a library that is there, and closes it when `use` is done.
 *
 * @throws MedleyError `folder-missing`, and what `openStore` throws
 */
export async function withStore<T>(library: string, use: (store: Store) => Promise<T>): Promise<T> {
  const { openStore, requireLibrary } = await import('#main/store/store.ts');
  await requireLibrary(library);
  const store = await openStore(library);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
