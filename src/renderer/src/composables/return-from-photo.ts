import { nextTick, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { PhotoId } from '#shared/schemas/photos.ts';

/**
 * Calls back when the photo view closes over the view that uses this, with the photo that was
 * looked at last. (Inside the view, `useRoute` is the view's own address, not the photo's.)
 */
export function useReturnFromPhoto(returned: (id: PhotoId) => unknown): void {
  const { currentRoute } = useRouter();
  watch(currentRoute, async (now, before) => {
    const id = before.params['id'];
    if (before.name !== 'photo' || now.name === 'photo' || typeof id !== 'string') return;
    await nextTick();
    returned(id);
  });
}
