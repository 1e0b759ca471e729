import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { ClientMessage, type RequestMessage, type Transport } from '#shared/rpc/messages.ts';
import { parseCall } from '#shared/rpc/server.ts';

/** Methods that only a door may call: their answers hold paths that a window has no use for. */
const doorOnly: ReadonlySet<string> = new Set(['photos/file']);

/**
 * The engine's view of a window's transport: only what the API describes comes through. Whatever
 * else a page nests into a message ends here, before anything copies it to another process.
 */
export function windowTransport(transport: Transport): Transport {
  return {
    send: (message) => transport.send(message),
    listen: (onMessage, onClose) =>
      transport.listen((raw) => {
        const message = ClientMessage.safeParse(raw);
        if (!message.success) return;
        if (message.data.type === 'cancel') return onMessage(message.data);
        try {
          onMessage(asDescribed(message.data));
        } catch (error) {
          transport.send({ type: 'reply', id: message.data.id, error: toErrorShape(error) });
        }
      }, onClose),
  };
}

function asDescribed(request: RequestMessage): RequestMessage {
  const { method, params } = parseCall(request.method, request.params);
  if (!doorOnly.has(method)) return { ...request, method, params };
  throw new MedleyError('bad-request', `${method} is not open to windows.`);
}
