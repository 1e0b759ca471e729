import type { WebSocket } from 'ws';
import type { Transport } from '#shared/rpc/messages.ts';

/** WebSocket close code: the data does not make sense here (RFC 6455, section 7.4.1). */
const inconsistentData = 1007;

/** A WebSocket as a transport of JSON messages. A frame that is not JSON closes the socket. */
export function socketTransport(socket: WebSocket): Transport {
  // ws closes the socket itself after an error, as a message over the size limit.
  socket.on('error', () => {});
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    listen: (onMessage, onClose) => {
      socket.on('message', (data) => {
        const message = parseJson(String(data));
        if (message === undefined) socket.close(inconsistentData, 'Not JSON');
        else onMessage(message);
      });
      socket.once('close', onClose);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
