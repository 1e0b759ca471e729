import { shallowRef, watch, type Ref } from 'vue';
import type { Caption, PhotoId } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';
import { useLibrary } from '../stores/library.ts';

/** All captions of a few photos, by photo, kept as they are while the library changes. */
export function usePhotoCaptions(
  ids: Ref<readonly PhotoId[]>,
): Readonly<Ref<ReadonlyMap<PhotoId, readonly Caption[]>>> {
  const { api } = useServices();
  const library = useLibrary();
  const captions = shallowRef<ReadonlyMap<PhotoId, readonly Caption[]>>(new Map());
  let asked = 0;

  async function load(): Promise<void> {
    const own = ++asked;
    const details = await Promise.all(
      // A photo that has just gone has none.
      ids.value.map((id) => api.invoke('photos/get', { id }).catch(() => null)),
    );
    if (own !== asked) return;
    const found = details.filter((detail) => detail !== null);
    captions.value = new Map(found.map((detail) => [detail.id, detail.captions]));
  }

  watch([() => ids.value.join(), () => library.info?.revision], load, { immediate: true });
  return captions;
}
