import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ConnectionState } from '../connection/reconnecting-client.ts';
import { useServices } from '../connection/services.ts';

/** Whether the engine can be reached. */
export const useConnection = defineStore('connection', () => {
  const { api } = useServices();
  const state = shallowRef<ConnectionState>({ kind: 'connecting' });
  api.watch((next) => {
    state.value = next;
  });
  return { state, retry: () => api.retry() };
});
