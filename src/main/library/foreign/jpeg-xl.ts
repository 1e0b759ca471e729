import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initSync, JxlImage } from 'jxl-oxide-wasm';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { checkPixels } from '../decode/pixel-limit.ts';
import type { DecodedFile } from './decoded-file.ts';

/** jxl-oxide keeps one instance a thread. */
let memory: WebAssembly.Memory | undefined;

/** Bytes of memory that the decoder holds; they only grow. */
export function jpegXlMemory(): number {
  return memory?.buffer.byteLength ?? 0;
}

/**
 * Decodes a JPEG XL file, upright, in the colours it was made in, with their profile; the first
 * frame of an animation.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 * @throws Error where the decoder itself broke; then this thread is not to use it again.
 */
export function decodeJpegXl(bytes: Uint8Array, name: string): DecodedFile {
  memory ??= loadDecoder();
  const image = new JxlImage();
  try {
    image.feedBytes(bytes);
    if (!image.tryInit()) throw new Error('unexpected end of the header');
    const { width = 0, height = 0 } = image;
    checkPixels(width, height, name);
    const frame = image.render();
    const notices = image.loaded
      ? []
      : ['The file is cut short: a part of the picture is missing.'];
    // Encoding it frees it.
    return { bytes: new Uint8Array(frame.encodeToPng()), notices };
  } catch (error) {
    if (error instanceof MedleyError || error instanceof WebAssembly.RuntimeError) throw error;
    const message = messageOf(error);
    const options = { subject: name, cause: error };
    throw /unsupported/i.test(message)
      ? new MedleyError(
          'image-unsupported',
          `${name} is a JPEG XL picture of a kind that Medley cannot read. (${message})`,
          options,
        )
      : new MedleyError(
          'image-corrupt',
          `${name} cannot be decoded. The file is damaged. (${message})`,
          options,
        );
  } finally {
    image.free();
  }
}

function loadDecoder(): WebAssembly.Memory {
  const file = fileURLToPath(import.meta.resolve('jxl-oxide-wasm/module.wasm'));
  return initSync({ module: readFileSync(file) }).memory;
}
