import { open, type FileHandle } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import { asDiskFull } from '#main/files/disk-full.ts';

const bytesOfFloat = Float32Array.BYTES_PER_ELEMENT;

/**
 * Patch features of photos in a file, f32, one photo after another: the image encoder is frozen, so
 * they are worked out once, and memory holds those of a batch only.
 */
export class PatchFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  /** Numbers of a photo's features. */
  readonly size: number;

  private constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.#path = path;
    this.size = size;
  }

  /** Opens a file that another run has filled, or an empty one. */
  static async open(path: string, size: number): Promise<PatchFile> {
    return new PatchFile(await open(path, 'a+'), path, size);
  }

  /** Photos in it. */
  async count(): Promise<number> {
    const { size } = await this.#handle.stat();
    return Math.floor(size / (this.size * bytesOfFloat));
  }

  /**
   * Puts the features of more photos behind the others.
   *
   * @throws MedleyError `disk-full`
   */
  async append(patches: readonly Float32Array[]): Promise<void> {
    try {
      for (const each of patches) {
        await this.#handle.appendFile(
          new Uint8Array(each.buffer, each.byteOffset, each.byteLength),
        );
      }
    } catch (error) {
      throw asDiskFull(error, this.#path);
    }
  }

  /** Leaves the features of the first photos alone. */
  keep(count: number): Promise<void> {
    return this.#handle.truncate(count * this.size * bytesOfFloat);
  }

  /** The features of some photos, end to end. */
  async read(photos: readonly number[]): Promise<Float32Array> {
    const all = new Float32Array(photos.length * this.size);
    const length = this.size * bytesOfFloat;
    for (const [i, photo] of photos.entries()) {
      const into = new Uint8Array(all.buffer, i * length, length);
      const { bytesRead } = await this.#handle.read(into, 0, length, photo * length);
      if (bytesRead === length) continue;
      throw new MedleyError('file-changed', `${this.#path} was cut short. Start again.`, {
        subject: this.#path,
      });
    }
    return all;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
