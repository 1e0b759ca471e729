import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import type { TrainingData, TrainingWish } from '#shared/schemas/training.ts';
import { useServices } from '../connection/services.ts';
import { useModel } from './model.ts';
import { useTasks } from './tasks.ts';

export type TrainingTask = Extract<Task, { kind: 'training' }>;

/** The training of the library, and what there is to learn from. */
export const useTraining = defineStore('training', () => {
  const { api } = useServices();
  const tasks = useTasks();
  const model = useModel();
  const data = shallowRef<TrainingData | null>(null);
  const error = shallowRef<string | null>(null);
  /** The one under way, or the last one; null where there is none. */
  const task = computed(
    () => tasks.tasks.find((each): each is TrainingTask => each.kind === 'training') ?? null,
  );
  /** The model that looks at every photo before it is put to use; null where none does. */
  const adoption = computed(() => tasks.running.find(({ kind }) => kind === 'adoption') ?? null);

  // The engine itself notes which model is to take over, and which one did.
  watch(
    () => adoption.value?.id,
    () => void model.refresh(),
  );

  async function refresh(): Promise<void> {
    try {
      data.value = await api.invoke('training/data', null);
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  /** Begins a training, in place of what is told of the last one. */
  async function start(wish: TrainingWish): Promise<void> {
    await api.invoke('training/start', wish);
  }

  return { data, error, task, adoption, refresh, start };
});
