import { parentPort } from 'node:worker_threads';
import { MedleyError, messageOf, toErrorShape } from '#shared/errors.ts';
import { decodeBitmap } from './bitmap.ts';
import type { DecodedFile } from './decoded-file.ts';
import { decodeHeif } from './heif.ts';
import { loadHeifLibrary, type HeifLibrary } from './heif-library.ts';
import { decodeJpegXl, jpegXlMemory } from './jpeg-xl.ts';
import type { DecodeReply, DecodeRequest } from './messages.ts';

/**
 * A thread that decodes what libvips does not. A decoder holds its thread until it is done, and one
 * that never is can be ended with its thread, which also gives its memory back.
 */

if (parentPort === null) throw new Error('decoder-thread.ts runs as a worker thread only');
const port = parentPort;
let heif: HeifLibrary | undefined;

const decoders: Readonly<
  Record<DecodeRequest['format'], (bytes: Uint8Array, name: string) => DecodedFile>
> = {
  heic: (bytes, name) => decodeHeif((heif ??= loadHeifLibrary()), bytes, name),
  jxl: decodeJpegXl,
  bmp: decodeBitmap,
};

port.on('message', ({ format, bytes, name }: DecodeRequest) => {
  try {
    const decoded = decoders[format](bytes, name);
    const { notices } = decoded;
    reply({ kind: 'decoded', bytes: decoded.bytes, notices, memory: memory() }, [
      decoded.bytes.buffer,
    ]);
  } catch (error) {
    reply(
      error instanceof MedleyError
        ? { kind: 'failed', error: toErrorShape(error), memory: memory() }
        : { kind: 'broken', message: messageOf(error) },
    );
  }
});

function memory(): number {
  return (heif?.HEAPU8.length ?? 0) + jpegXlMemory();
}

function reply(message: DecodeReply, moved: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}
