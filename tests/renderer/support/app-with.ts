import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { createReconnectingClient } from '../../../src/renderer/src/connection/reconnecting-client.ts';
import { provideServices } from '../../../src/renderer/src/connection/services.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

/** An app without a window, so that stores run as they do in one, against a scripted engine. */
export async function appWith(engine: ScriptedEngine): Promise<void> {
  const app = createApp({});
  const api = createReconnectingClient(() => Promise.resolve(engine.transport));
  provideServices(app, {
    api,
    doorway: {
      open: () => Promise.resolve(engine.transport),
      photoUrl: (rendition, id, version) => `/photo/${rendition}/${id}?v=${version}`,
      chooseFolder: null,
      pathOf: null,
    },
  });
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
  await Promise.resolve();
}
