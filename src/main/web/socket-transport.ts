import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { RequestMessage, type Transport } from '#shared/rpc/messages.ts';
import { isNestedDeeper } from './json-depth.ts';
import type { SocketBytes } from './socket-bytes.ts';

/** WebSocket close code: the data does not make sense here (RFC 6455, section 7.4.1). */
const inconsistentData = 1007;

/** No message of the API nests half as deep. */
const mostNested = 32;

/** Bytes that a page may leave unread before it is let go: several times the largest answer. */
const mostUnreadBytes = 64 * 1024 * 1024;

/**
 * A WebSocket as a transport of JSON messages. A frame that is no message of ours closes the socket,
 * and so does one that `bytes` has no room for.
 * @param wire what the WebSocket reads from.
 */
export function socketTransport(socket: WebSocket, wire: Duplex, bytes: SocketBytes): Transport {
  /** Bytes of the message that is coming in. */
  let incoming = 0;
  /** Bytes of the requests that wait for their reply, by id. */
  const unanswered = new Map<number, number>();

  function read(data: string): unknown {
    const size = incoming;
    incoming = 0;
    const message = isNestedDeeper(data, mostNested) ? undefined : parseJson(data);
    const request = RequestMessage.safeParse(message);
    if (request.success && !unanswered.has(request.data.id)) {
      unanswered.set(request.data.id, size);
      return message;
    }
    bytes.give(size);
    // An id that is in use cannot be answered twice.
    return request.success ? undefined : message;
  }

  // ws closes the socket itself after an error, as a message over the size limit.
  socket.on('error', () => {});
  socket.once('close', () => {
    bytes.give([...unanswered.values()].reduce((sum, size) => sum + size, incoming));
    unanswered.clear();
    incoming = 0;
  });
  // Before ws reads them, so that the bytes of a message are counted when it is whole.
  wire.prependListener('data', (chunk: Buffer) => {
    if (bytes.take(chunk.length)) incoming += chunk.length;
    else socket.terminate();
  });

  return {
    send: (message) => {
      if (message.type === 'reply') {
        bytes.give(unanswered.get(message.id) ?? 0);
        unanswered.delete(message.id);
      }
      if (socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify(message));
      if (socket.bufferedAmount > mostUnreadBytes) socket.terminate();
    },
    listen: (onMessage, onClose) => {
      socket.on('message', (data) => {
        const message = read(String(data));
        if (message === undefined) socket.close(inconsistentData, 'No message of Medley');
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
