import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { useServices } from '../connection/services.ts';
import { endNotice, isWriting } from '../format/task-words.ts';
import { useNotices } from './notices.ts';
import { useUndo } from './undo.ts';

/** Whatever runs long in the engine, and how it ended. */
export const useTasks = defineStore('tasks', () => {
  const { api } = useServices();
  const notices = useNotices();
  const undo = useUndo();
  const tasks = shallowRef<readonly Task[]>([]);
  const error = shallowRef<string | null>(null);
  const running = computed(() => tasks.value.filter(({ state }) => state === 'running'));
  /** The background work on the photos; null while there was none. */
  const index = computed(() => tasks.value.find(({ kind }) => kind === 'index') ?? null);

  async function refresh(): Promise<void> {
    try {
      become(await api.invoke('tasks/list', null));
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  /** Takes note of all tasks, and tells of those that ended since. */
  function become(next: readonly Task[]): void {
    const ranBefore = new Set(running.value.map(({ id }) => id));
    tasks.value = next;
    for (const task of next) {
      const notice = ranBefore.has(task.id) ? endNotice(task) : null;
      if (notice === null) continue;
      if (isWriting(task)) undo.done(task.batchId, notice.message);
      else notices.add(notice);
    }
  }

  /** Begins again what ended, or goes on with it. */
  async function again(task: Task): Promise<void> {
    const { id, subject, name } = task;
    switch (task.kind) {
      case 'index':
        await api.invoke('tasks/resume', { id });
        return;
      case 'model-download':
        await api.invoke('models/download', { source: subject });
        return;
      case 'model-add':
        await api.invoke('models/add', { folder: subject });
        return;
      case 'model-verify':
        await api.invoke('models/verify', { name });
        return;
      case 'training':
        await api.invoke('training/start', { goal: task.goal, imageBlocks: task.imageBlocks });
        return;
      // What was to follow the model in use is chosen among the models.
      case 'adoption':
        return;
      case 'write-texts':
        await api.invoke('review/write', (await api.invoke('settings/get', null)).writing);
        return;
      case 'check-site':
        await api.invoke('sites/check', { folder: subject });
        return;
      case 'write-pages':
        await api.invoke('sites/write', { folder: subject });
    }
  }

  api.on('tasks/changed', become);
  api.on('tasks/progress', (task) => {
    tasks.value = tasks.value.map((each) => (each.id === task.id ? task : each));
  });
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return {
    tasks,
    error,
    running,
    index,
    refresh,
    again,
    pause: (id: string) => api.invoke('tasks/pause', { id }),
    resume: (id: string) => api.invoke('tasks/resume', { id }),
    cancel: (id: string) => api.invoke('tasks/cancel', { id }),
    dismiss: (id: string) => api.invoke('tasks/dismiss', { id }),
  };
});
