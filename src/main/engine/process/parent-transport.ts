import type { Transport } from '#shared/rpc/messages.ts';

/** The channel to the process that forked this one; it closes when that process is gone. */
export function parentTransport(): Transport {
  return {
    send: (message) => {
      // Once the parent is gone there is nobody to tell; without a callback that is an error event.
      if (process.connected) process.send?.(message, () => {});
    },
    listen: (onMessage, onClose) => {
      process.on('message', onMessage);
      process.once('disconnect', onClose);
      // It may have gone while the library was being opened.
      if (!process.connected) onClose();
    },
  };
}
