import {
  api,
  isMethod,
  type CallContext,
  type EventName,
  type EventOf,
  type Handlers,
  type Method,
} from '../api.ts';
import { MedleyError, toErrorShape } from '../errors.ts';
import { ClientMessage, type RequestMessage, type Transport } from './messages.ts';

/** Sends an event to the other end. */
export type Emit = <E extends EventName>(name: E, data: EventOf<E>) => void;

type AnyHandler = (params: unknown, context: CallContext<unknown>) => Promise<unknown>;

/**
 * Answers requests that arrive over a transport with the given handlers. Parameters are validated
 * before a handler sees them. A call's signal is aborted when it is cancelled and when the
 * transport closes.
 */
export function serve(transport: Transport, handlers: Handlers): Emit {
  const running = new Map<number, AbortController>();

  async function answer({ id, method, params }: RequestMessage): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const call = parseCall(method, params);
      const handler = handlers[call.method] as AnyHandler;
      const result = await handler(call.params, {
        signal: controller.signal,
        progress: (data) => transport.send({ type: 'progress', id, data }),
      });
      transport.send({ type: 'reply', id, result });
    } catch (error) {
      transport.send({ type: 'reply', id, error: toErrorShape(error) });
    } finally {
      running.delete(id);
    }
  }

  transport.listen(
    (raw) => {
      const message = ClientMessage.safeParse(raw);
      if (!message.success) return;
      if (message.data.type === 'request') void answer(message.data);
      else running.get(message.data.id)?.abort();
    },
    () => {
      for (const controller of running.values()) controller.abort();
    },
  );
  return (name, data) => transport.send({ type: 'event', name, data });
}

/**
 * A call as its schema describes it, without anything else that came along.
 * @throws {MedleyError} `bad-request` for an unknown method or parameters off the schema.
 */
export function parseCall(method: string, params: unknown): { method: Method; params: unknown } {
  if (!isMethod(method)) throw new MedleyError('bad-request', `There is no method ${method}.`);
  const parsed = api[method].params.safeParse(params ?? null);
  if (parsed.success) return { method, params: parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'parameters';
  throw new MedleyError('bad-request', `${method}: ${where}: ${issue?.message ?? 'invalid'}`);
}
