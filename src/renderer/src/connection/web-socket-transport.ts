import { MedleyError } from '#shared/errors.ts';
import type { Transport } from '#shared/rpc/messages.ts';

/**
 * Opens a WebSocket and speaks JSON messages over it.
 * @throws {MedleyError} `engine-stopped` when it cannot be opened
 */
export function openWebSocket(url: string): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => resolve(transportOver(socket)), { once: true });
    socket.addEventListener(
      'close',
      () => reject(new MedleyError('engine-stopped', 'Medley does not answer.')),
      { once: true },
    );
  });
}

function transportOver(socket: WebSocket): Transport {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    listen: (onMessage, onClose) => {
      socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') onMessage(JSON.parse(data));
      });
      socket.addEventListener('close', onClose, { once: true });
    },
  };
}
