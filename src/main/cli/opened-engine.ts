import { openEngine, type Engine } from '#main/engine/engine.ts';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import type { EventName, EventOf } from '#shared/api.ts';

/** Who hears what the engine tells. */
export type EngineListeners = { readonly [E in EventName]?: (data: EventOf<E>) => void };

/** Opens a library in this process, and closes it when `use` is done. */
export async function withEngine<T>(
  options: EngineProcessOptions,
  listeners: EngineListeners,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openEngine({
    ...options,
    emit: (name, data) => listeners[name]?.(data),
  });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}
