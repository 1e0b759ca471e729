import type { TiffDirectory } from './tiff-directory.ts';

/** Types of values (TIFF 6.0, section 2). */
export const [short, long] = [3, 4];

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly values: number;
  /** The four bytes behind: the value, or where it lies. */
  readonly value: Uint8Array;
}

/** Writes a directory behind the file that it is of. */
export class TiffWriter {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  readonly #entries: Entry[] = [];
  readonly #behind: Buffer[] = [];
  #end: number;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
    // Directories lie at even places.
    this.#behind.push(Buffer.alloc(bytes.length % 2));
    this.#end = bytes.length + (bytes.length % 2);
  }

  /** A field as it is there. */
  keep(of: number, { fields }: TiffDirectory): void {
    const field = fields.get(of);
    if (field === undefined) return;
    const { type, count, at, length } = field;
    const value = length <= 4 ? fourBytes(this.#bytes.subarray(at)) : this.#numbers(long, [at]);
    this.#entries.push({ tag: of, type, values: count, value });
  }

  /** A field with these values. */
  add(of: number, type: number, values: readonly number[]): void {
    const numbers = this.#numbers(type, values);
    const value = numbers.length <= 4 ? fourBytes(numbers) : this.#place(numbers);
    this.#entries.push({ tag: of, type, values: values.length, value });
  }

  /** The file with the directory as its first. */
  file(): Buffer {
    const sorted = this.#entries.toSorted((a, b) => a.tag - b.tag);
    const directory = Buffer.concat([
      this.#numbers(short, [sorted.length]),
      ...sorted.flatMap(({ tag: of, type, values, value }) => [
        this.#numbers(short, [of, type]),
        this.#numbers(long, [values]),
        value,
      ]),
      Buffer.alloc(4),
    ]);
    const file = Buffer.concat([this.#bytes, ...this.#behind, directory]);
    file.set(this.#numbers(long, [this.#end]), 4);
    return file;
  }

  #place(bytes: Buffer): Buffer {
    const at = this.#numbers(long, [this.#end]);
    this.#behind.push(bytes);
    this.#end += bytes.length;
    return at;
  }

  #numbers(type: number, values: readonly number[]): Buffer {
    const size = type === short ? 2 : 4;
    const bytes = Buffer.alloc(values.length * size);
    values.forEach((value, i) => {
      if (this.#isLittle) bytes.writeUIntLE(value, i * size, size);
      else bytes.writeUIntBE(value, i * size, size);
    });
    return bytes;
  }
}

function fourBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(4)]).subarray(0, 4);
}
