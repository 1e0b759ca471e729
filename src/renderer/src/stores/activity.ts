import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { Activity, Failure } from '#shared/schemas/activity.ts';
import { useServices } from '../connection/services.ts';

/** What the engine is working on. */
export const useActivity = defineStore('activity', () => {
  const { api } = useServices();
  const activity = shallowRef<Activity | null>(null);
  const failures = shallowRef<readonly Failure[]>([]);
  const error = shallowRef<string | null>(null);

  /** The stage to name in one line: the last one with work under way. */
  const current = computed(
    () =>
      activity.value?.stages.findLast(
        ({ done, failed, total }) => done > 0 && done + failed < total,
      ) ??
      activity.value?.stages.find(({ done, failed, total }) => done + failed < total) ??
      null,
  );

  async function loadFailures(): Promise<void> {
    failures.value =
      activity.value && activity.value.failures > 0
        ? await api.invoke('activity/failures', null)
        : [];
  }

  async function refresh(): Promise<void> {
    try {
      become(await api.invoke('activity/get', null));
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  function become(next: Activity): void {
    const failuresChanged = next.failures !== failures.value.length;
    activity.value = next;
    if (failuresChanged) loadFailures().catch(() => {});
  }

  api.on('activity/changed', become);
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return {
    activity,
    failures,
    error,
    current,
    refresh,
    retry: () => api.invoke('activity/retry', null),
  };
});
