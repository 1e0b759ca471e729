import { MedleyError, toErrorShape, type ErrorCode } from '#shared/errors.ts';
import { ClientMessage, type RequestMessage, type Transport } from '#shared/rpc/messages.ts';

/** Calls of one client that the engine works on at once. */
export const mostAtOnce = 16;
/** Calls of one client that wait for their turn; more are refused. */
export const mostWaiting = 1000;

/**
 * A client's transport with a bound on its calls, so that no client can make the engine hold any
 * number of answers at once: some go through, more wait, and others are refused with
 * `too-many-calls`.
 */
export function boundedTransport(client: Transport): Transport {
  const running = new Set<number>();
  const waiting = new Map<number, RequestMessage>();
  let passing = false;
  let pass: (message: ClientMessage) => void = () => {};

  function passOn(): void {
    // A call that is answered at once makes room for another while this still runs.
    if (passing) return;
    passing = true;
    try {
      for (const next of waiting.values()) {
        if (running.size >= mostAtOnce) return;
        waiting.delete(next.id);
        running.add(next.id);
        pass(next);
      }
    } finally {
      passing = false;
    }
  }

  function request(call: RequestMessage): void {
    if (running.has(call.id) || waiting.has(call.id)) {
      refuse(call.id, 'bad-request', `A call with the id ${call.id} is still running.`);
    } else if (waiting.size >= mostWaiting) {
      refuse(call.id, 'too-many-calls', 'Too many calls wait for an answer. Try again later.');
    } else {
      waiting.set(call.id, call);
      passOn();
    }
  }

  function cancel(id: number): void {
    if (waiting.delete(id)) refuse(id, 'cancelled', 'The call was cancelled.');
    else if (running.has(id)) pass({ type: 'cancel', id });
  }

  function refuse(id: number, code: ErrorCode, message: string): void {
    client.send({ type: 'reply', id, error: toErrorShape(new MedleyError(code, message)) });
  }

  return {
    send: (message) => {
      client.send(message);
      if (message.type === 'reply' && running.delete(message.id)) passOn();
    },
    listen: (onMessage, onClose) => {
      pass = onMessage;
      client.listen(
        (raw) => {
          const message = ClientMessage.safeParse(raw);
          if (!message.success) return;
          if (message.data.type === 'request') request(message.data);
          else cancel(message.data.id);
        },
        () => {
          waiting.clear();
          onClose();
        },
      );
    },
  };
}
