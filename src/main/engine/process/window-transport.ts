import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { RequestMessage, type Transport } from '#shared/rpc/messages.ts';

/** Methods that only a door may call: their answers hold paths that a window has no use for. */
const doorOnly: ReadonlySet<string> = new Set(['photos/file']);

/**
 * The engine's view of a window's transport: only well-formed requests come through, and those
 * for methods of the doors are refused.
 */
export function windowTransport(transport: Transport): Transport {
  return {
    send: (message) => transport.send(message),
    listen: (onMessage, onClose) =>
      transport.listen((raw) => {
        const request = RequestMessage.safeParse(raw);
        if (!request.success) return;
        const { id, method } = request.data;
        if (!doorOnly.has(method)) return onMessage(request.data);
        const error = new MedleyError('bad-request', `${method} is not open to windows.`);
        transport.send({ type: 'reply', id, error: toErrorShape(error) });
      }, onClose),
  };
}
