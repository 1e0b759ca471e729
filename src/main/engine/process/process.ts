import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { RequestMessage, type Transport } from '#shared/rpc/messages.ts';
import { serve, type Emit } from '#shared/rpc/server.ts';
import { repairLibrary } from '#main/store/repair-library.ts';
import { openEngine } from '../engine.ts';
import { parentTransport } from './parent-transport.ts';
import { parseEngineArguments, type EngineProcessOptions } from './process-arguments.ts';

/** How long it may take to finish its writes once nobody is there to end it by force. */
const orphanMs = 10_000;

/** The engine as a process of its own: opens the library named in its arguments and serves it. */
async function main(): Promise<void> {
  process.once('disconnect', () => setTimeout(() => process.exit(1), orphanMs).unref());
  const transport = parentTransport();
  const options = parseEngineArguments(process.argv.slice(2));
  try {
    await open(transport, options, () => {});
  } catch (error) {
    refuseAll(transport, options, error);
  }
}

/** @param onOpen hears that the library is open; from then on requests are answered here. */
async function open(
  transport: Transport,
  options: EngineProcessOptions,
  onOpen: () => void,
): Promise<void> {
  let emit: Emit = () => {};
  // Requests wait in the channel until something listens, so nothing is lost while this opens.
  const engine = await openEngine({ ...options, emit: (name, data) => emit(name, data) });
  onOpen();
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
 * have the host start the process again and again, and tell nobody why. A damaged library is mended
 * when that is asked for, and opened.
 */
function refuseAll(transport: Transport, options: EngineProcessOptions, reason: unknown): void {
  const error = toErrorShape(
    reason instanceof MedleyError ? reason : new MedleyError('internal', String(reason)),
  );
  let refusing = true;

  async function mend(id: number): Promise<void> {
    try {
      const result = await repairLibrary(options.libraryFolder);
      await open(transport, options, () => (refusing = false));
      transport.send({ type: 'reply', id, result });
    } catch (failure) {
      transport.send({ type: 'reply', id, error: toErrorShape(failure) });
    }
  }

  transport.listen(
    (raw) => {
      const request = RequestMessage.safeParse(raw);
      if (!refusing || !request.success) return;
      const { id, method } = request.data;
      if (method === 'library/repair' && error.code === 'library-damaged') void mend(id);
      else transport.send({ type: 'reply', id, error });
    },
    () => {
      if (refusing) process.exit(1);
    },
  );
}

await main();
