import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { MedleyError, messageOf, toErrorShape } from '#shared/errors.ts';
import { importPhoto } from '../import-photo.ts';
import { MetadataReader } from '../metadata.ts';
import type { ImportReply, ImportRequest, ImportThreadData } from './messages.ts';

/**
 * The thread that takes photos in. The engine's own thread stands still while the model runs; here
 * each step of an import, and each answer of exiftool, is taken up at once.
 */

/** Files in work at once: enough to keep the threads of the decoder and exiftool busy. */
const most = Math.max(12, availableParallelism());

if (parentPort === null) throw new Error('import-thread.ts runs as a worker thread only');
const port = parentPort;
const { paths }: ImportThreadData = workerData;
const metadata = new MetadataReader();
const waiting: Extract<ImportRequest, { kind: 'import' }>[] = [];
let known = new Set<string>();
let working = 0;

port.on('message', (request: ImportRequest) => {
  switch (request.kind) {
    case 'known':
      known = new Set(request.photoIds);
      return;
    case 'import':
      waiting.push(request);
      return next();
    case 'problem':
      return void metadata.problem().then((problem) => {
        reply({ kind: 'problem', id: request.id, problem });
      });
    case 'close':
      waiting.length = 0;
      return void metadata.close().finally(() => port.close());
  }
});

function next(): void {
  if (working >= most) return;
  const request = waiting.shift();
  if (request === undefined) return;
  working++;
  void take(request).finally(() => {
    working--;
    next();
  });
}

async function take({ id, scanned, minSide }: (typeof waiting)[number]): Promise<void> {
  const isKnown = (photoId: string) => known.has(photoId);
  try {
    const imported = await importPhoto(scanned, { paths, metadata, minSide, isKnown });
    if (imported.kind === 'known') return reply({ kind: 'imported', id, photo: imported });
    known.add(imported.photo.id);
    // The decoder's own memory cannot change hands.
    const data = new Uint8Array(imported.image.data);
    const photo = { ...imported, image: { ...imported.image, data } };
    reply({ kind: 'imported', id, photo }, [data.buffer]);
  } catch (error) {
    reply(
      error instanceof MedleyError
        ? { kind: 'failed', id, error: toErrorShape(error) }
        : { kind: 'broken', id, message: messageOf(error) },
    );
  }
}

function reply(message: ImportReply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
