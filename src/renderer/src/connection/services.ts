import { inject, type App, type InjectionKey } from 'vue';
import type { Doorway } from './doorway.ts';
import type { ReconnectingClient } from './reconnecting-client.ts';

/** What stores and views need from outside: the API and the doorway. */
export interface Services {
  readonly api: ReconnectingClient;
  readonly doorway: Doorway;
}

const key: InjectionKey<Services> = Symbol('services');

export function provideServices(app: App, services: Services): void {
  app.provide(key, services);
}

/** The services of the running app; for setup functions of stores and components. */
export function useServices(): Services {
  const services = inject(key);
  if (!services) throw new Error('Services were not provided to the app.');
  return services;
}
