import { api, isMethod, type EventName, type EventOf, type Handlers } from '../api.ts';
import { MedleyError, toErrorShape } from '../errors.ts';
import { RequestMessage, type Transport } from './messages.ts';

/** Sends an event to the other end. */
export type Emit = <E extends EventName>(name: E, data: EventOf<E>) => void;

/**
 * Answers requests that arrive over a transport with the given handlers. Parameters are validated
 * before a handler sees them.
 */
export function serve(transport: Transport, handlers: Handlers): Emit {
  transport.listen(
    (raw) => {
      const request = RequestMessage.safeParse(raw);
      if (!request.success) return;
      const { id, method, params } = request.data;
      dispatch(handlers, method, params).then(
        (result) => transport.send({ type: 'reply', id, result }),
        (error: unknown) => transport.send({ type: 'reply', id, error: toErrorShape(error) }),
      );
    },
    () => {},
  );
  return (name, data) => transport.send({ type: 'event', name, data });
}

/**
 * Validates the parameters of one call and runs its handler.
 * @throws {MedleyError} `bad-request` for an unknown method or parameters off the schema.
 */
export async function dispatch(
  handlers: Handlers,
  method: string,
  params: unknown,
): Promise<unknown> {
  if (!isMethod(method)) throw new MedleyError('bad-request', `There is no method ${method}.`);
  const parsed = api[method].params.safeParse(params ?? null);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'parameters';
    throw new MedleyError('bad-request', `${method}: ${where}: ${issue?.message ?? 'invalid'}`);
  }
  const handler = handlers[method] as (params: unknown) => Promise<unknown>;
  return handler(parsed.data);
}
