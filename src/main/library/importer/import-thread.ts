import { parentPort, workerData } from 'node:worker_threads';
import { MedleyError, messageOf, toErrorShape } from '#shared/errors.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import { squaresOf, type Sides } from '#main/med/preprocess/square.ts';
import { decodeImage } from '../decode/decode-image.ts';
import { importPhoto } from '../import-photo.ts';
import { KnownContents, nothingKnown } from '../known-contents.ts';
import { MetadataReader } from '../metadata/metadata-reader.ts';
import { THUMBNAIL_SIDE } from '../thumbnail.ts';
import type { ImportProblem, ImportReply, ImportRequest, ImportThreadData } from './messages.ts';

/**
 * A thread that takes photos in. The engine's own thread stands still while the model runs; here
 * each step of an import, and each answer of exiftool, is taken up at once.
 */

/** Photos in work at once: enough to keep the threads of the decoder and exiftool busy. */
const most = 4;
/** What the decoder is asked for when no model says; thumbnails are made from it. */
const sideWithoutModel = 224;

if (parentPort === null) throw new Error('import-thread.ts runs as a worker thread only');
const port = parentPort;
const { paths }: ImportThreadData = workerData;
const metadata = new MetadataReader({
  onProblem: (message) => reply({ kind: 'problem', message }),
});
type PhotoRequest = Extract<ImportRequest, { kind: 'import' | 'squares' }>;
const waiting: PhotoRequest[] = [];
let known = new KnownContents(nothingKnown);
let working = 0;

port.on('message', (request: ImportRequest) => {
  switch (request.kind) {
    case 'known':
      known = new KnownContents(request.knowledge);
      return;
    case 'import':
      waiting.push(request);
      return next();
    case 'squares':
      // Somebody waits for these: a search, or the model.
      waiting.unshift(request);
      return next();
    case 'drop':
      for (const left of waiting.splice(0)) {
        if (left.kind === 'import') reply({ kind: 'dropped', id: left.id });
        else waiting.push(left);
      }
      return;
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
  void answer(request).finally(() => {
    working--;
    next();
  });
}

async function answer(request: PhotoRequest): Promise<void> {
  const { id } = request;
  try {
    await (request.kind === 'import' ? takeIn(request) : giveSquares(request));
  } catch (error) {
    reply(
      error instanceof MedleyError
        ? { kind: 'failed', id, error: toErrorShape(error) }
        : { kind: 'broken', id, message: messageOf(error) },
    );
  }
}

async function takeIn(request: Extract<PhotoRequest, { kind: 'import' }>): Promise<void> {
  const { id, scanned, sides } = request;
  const { minSide } = decodingFor(sides);
  const photo = await importPhoto(scanned, { paths, metadata, minSide, known });
  if (photo.imported.kind === 'new') known.add(photo.imported.content);
  if (photo.seen === null) {
    return reply({ kind: 'imported', id, photo: { ...photo, seen: null } });
  }
  const { pictureId, image } = photo.seen;
  const squares = movable(squaresOf(image, sides));
  const prepared = { ...photo, seen: { pictureId, squares } };
  reply({ kind: 'imported', id, photo: prepared }, squares);
}

/** The very squares that its import made. */
async function giveSquares(request: Extract<PhotoRequest, { kind: 'squares' }>): Promise<void> {
  const { id, path, sides } = request;
  const image = await decodeImage(path, decodingFor(sides));
  const squares = movable(squaresOf(image, sides));
  reply({ kind: 'squares', id, squares }, squares);
}

function decodingFor(sides: Sides): { minSide: number; minLongSide: number } {
  const minSide = sides.length === 0 ? sideWithoutModel : Math.max(...sides);
  return { minSide, minLongSide: THUMBNAIL_SIDE };
}

function reply(
  message: ImportReply | ImportProblem,
  squares: readonly Uint8Array<ArrayBuffer>[] = [],
): void {
  port.postMessage(
    message,
    squares.map(({ buffer }) => buffer),
  );
}

/** Squares in memory that can change hands, which a decoder's own cannot. */
function movable(squares: readonly Pixels[]): Uint8Array<ArrayBuffer>[] {
  return squares.map((square) => new Uint8Array(square));
}
