import {
  createEngineHost,
  type EngineHost,
  type EngineProcess,
} from '#main/engine/process/host.ts';
import { checkedEmit, checkedHandlers } from '#main/engine/process/checked-answers.ts';
import { api, type Handlers, type Method } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import { serve, type Emit } from '#shared/rpc/server.ts';

/** A host whose engine lives in this process and answers with the given handlers. */
export function memoryEngine(handlers: Partial<Handlers>): { host: EngineHost; emit: Emit } {
  let emit: Emit = () => {};
  const spawn = (): EngineProcess => {
    let toEngine: (message: unknown) => void = () => {};
    let toHost: (message: unknown) => void = () => {};
    let closed = () => {};
    emit = serve(
      {
        send: (message) => toHost(structuredClone(message)),
        listen: (onMessage) => (toEngine = onMessage),
      },
      checkedHandlers(allHandlers(handlers)),
    );
    return {
      transport: {
        send: (message) => toEngine(structuredClone(message)),
        listen: (onMessage, onClose) => {
          toHost = onMessage;
          closed = onClose;
        },
      },
      stop: () => closed(),
    };
  };
  const host = createEngineHost(spawn);
  return { host, emit: checkedEmit((name, data) => emit(name, data)) };
}

function allHandlers(handlers: Partial<Handlers>): Handlers {
  const missing = (method: Method) => () =>
    Promise.reject(new MedleyError('internal', `No handler for ${method}.`));
  const methods = Object.keys(api) as Method[];
  const all: Record<string, unknown> = Object.fromEntries(
    methods.map((method) => [method, handlers[method] ?? missing(method)]),
  );
  return all as unknown as Handlers;
}
