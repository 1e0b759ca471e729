import { useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { LeftOut } from '#shared/schemas/library.ts';
import { useServices } from '../connection/services.ts';
import { noticeGroups, unsupportedGroups } from '../format/left-out.ts';
import { useActivity } from './activity.ts';
import { useLibrary } from './library.ts';

/** While an import runs, what it leaves out is read again at most this often, in milliseconds. */
const refreshEvery = 5000;

/** What of the folders is not in the library, or not as it should be. */
export const useLeftOut = defineStore('left-out', () => {
  const { api } = useServices();
  const library = useLibrary();
  const activity = useActivity();
  const leftOut = shallowRef<LeftOut>({ unsupported: [], notices: [] });
  const error = shallowRef<string | null>(null);

  const unsupported = computed(() => unsupportedGroups(leftOut.value.unsupported));
  const notices = computed(() => noticeGroups(leftOut.value.notices));
  /** Files that are not in the library, whether Medley cannot read their kind or them. */
  const count = computed(
    () => leftOut.value.unsupported.length + (activity.activity?.failures ?? 0),
  );

  async function refresh(): Promise<void> {
    try {
      leftOut.value = await api.invoke('library/left-out', null);
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  const refreshSoon = useThrottleFn(refresh, refreshEvery, true);

  watch([() => library.info?.photosRevision, () => activity.activity?.state], () => {
    void refreshSoon();
  });
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return { unsupported, notices, count, error, refresh };
});
