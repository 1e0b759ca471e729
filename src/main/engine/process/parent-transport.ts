import type { Transport } from '#shared/rpc/messages.ts';

/** The part of Electron's `process.parentPort` used here; Node has no such property. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/**
 * The pipe to whoever started this process: an Electron utility process's port, or the channel of
 * a forked child, whose parent's end closes it.
 */
export function parentTransport(): Transport {
  const port = electronParentPort();
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      listen: (onMessage) => port.on('message', (event) => onMessage(event.data)),
    };
  }
  return {
    send: (message) => {
      // Once the parent is gone there is nobody to tell; without a callback that is an error event.
      if (process.connected) process.send?.(message, () => {});
    },
    listen: (onMessage, onClose) => {
      process.on('message', onMessage);
      process.once('disconnect', onClose);
    },
  };
}

function electronParentPort(): ParentPort | null {
  const holder: { parentPort?: ParentPort } = Object(process);
  return holder.parentPort ?? null;
}
