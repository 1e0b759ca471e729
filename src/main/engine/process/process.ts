import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { RequestMessage, type Transport } from '#shared/rpc/messages.ts';
import { serve, type Emit } from '#shared/rpc/server.ts';
import { openEngine, type Engine } from '../engine.ts';
import { parentTransport } from './parent-transport.ts';
import { parseEngineArguments } from './process-arguments.ts';

/** How long it may take to finish its writes once nobody is there to end it by force. */
const orphanMs = 10_000;

/** The engine as a process of its own: opens the library named in its arguments and serves it. */
async function main(): Promise<void> {
  process.once('disconnect', () => setTimeout(() => process.exit(1), orphanMs).unref());
  const transport = parentTransport();
  // Requests wait in the channel until something listens, so nothing is lost while this opens.
  let emit: Emit = () => {};
  let engine: Engine;
  try {
    engine = await openEngine({
      ...parseEngineArguments(process.argv.slice(2)),
      emit: (name, data) => emit(name, data),
    });
  } catch (error) {
    return refuseAll(transport, error);
  }
  const stop = () => void engine.close().finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  emit = serve(
    {
      send: transport.send,
      listen: (onMessage, onClose) =>
        transport.listen(onMessage, () => {
          onClose();
          stop();
        }),
    },
    engine.handlers,
  );
  engine.start();
}

/**
 * Answers every request with the reason the library could not be opened. Dying instead would only
 * have the host start the process again and again, and tell nobody why.
 */
function refuseAll(transport: Transport, reason: unknown): void {
  const error = toErrorShape(
    reason instanceof MedleyError ? reason : new MedleyError('internal', String(reason)),
  );
  transport.listen(
    (raw) => {
      const request = RequestMessage.safeParse(raw);
      if (request.success) transport.send({ type: 'reply', id: request.data.id, error });
    },
    () => process.exit(1),
  );
}

await main();
