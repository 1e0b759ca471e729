import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Transport } from '#shared/rpc/messages.ts';
import { SocketBytes } from './socket-bytes.ts';
import { socketTransport } from './socket-transport.ts';

/** The largest message a browser may send: room for an example photo in base64. */
export const maxMessageBytes = 32 * 1024 * 1024;

/** More open pages than anybody has. */
const mostSockets = 32;
const serviceUnavailable = 503;

/** How the door says that a request got past every guard and reached the WebSocket's address. */
export const upgradeRequired = 426;

export interface SocketUpgrade {
  /** Ends every WebSocket. */
  close(): void;
}

/**
 * Lets WebSockets in through the same guards as every other request: one is opened only where
 * `fetch` answers its request with {@link upgradeRequired}.
 */
export function acceptSockets(
  server: Server,
  fetch: (request: Request) => Promise<Response> | Response,
  onSocket: (transport: Transport) => void,
): SocketUpgrade {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  const bytes = new SocketBytes();
  server.on('upgrade', (incoming, socket, head) => {
    const ignoreReset = () => {};
    socket.on('error', ignoreReset);
    void verdict(incoming, fetch).then((status) => {
      if (socket.destroyed) return;
      if (status !== upgradeRequired) return refuse(socket, Math.max(status, 400));
      if (sockets.clients.size >= mostSockets) return refuse(socket, serviceUnavailable);
      socket.off('error', ignoreReset);
      sockets.handleUpgrade(incoming, socket, head, (opened) =>
        onSocket(socketTransport(opened, socket, bytes)),
      );
    });
  });
  return {
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

async function verdict(
  incoming: IncomingMessage,
  fetch: (request: Request) => Promise<Response> | Response,
): Promise<number> {
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (typeof value === 'string') headers.set(name, value);
    }
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    return (await fetch(new Request(url, { method: incoming.method ?? 'GET', headers }))).status;
  } catch {
    return 400;
  }
}

function refuse(socket: Duplex, status: number): void {
  const reason = STATUS_CODES[status] ?? '';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
