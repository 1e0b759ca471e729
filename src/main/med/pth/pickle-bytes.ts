/** Why a pickle cannot be read; the reader of the file around it says which file. */
export class PickleFault extends Error {
  override readonly name = 'PickleFault';
}

/** Longest name of a module or a global. */
const MAX_LINE_BYTES = 256;

/** The bytes of a pickle, read from front to back. */
export class PickleBytes {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get position(): number {
    return this.#position;
  }

  uint8(): number {
    return this.#take(1).readUInt8();
  }

  uint16(): number {
    return this.#take(2).readUInt16LE();
  }

  uint32(): number {
    return this.#take(4).readUInt32LE();
  }

  int32(): number {
    return this.#take(4).readInt32LE();
  }

  /** Big-endian, as pickle has it. */
  float64(): number {
    return this.#take(8).readDoubleBE();
  }

  /** A two's complement little-endian integer: a number where that is exact. */
  integer(length: number): number | bigint {
    const bytes = this.#take(length).toReversed();
    const unsigned = length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
    const value = BigInt.asIntN(8 * length, unsigned);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  text(length: number): string {
    return this.#take(length).toString('utf8');
  }

  /** Text up to a line feed, which is left out. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0 || end - this.#position > MAX_LINE_BYTES) {
      throw new PickleFault('it has a name without an end');
    }
    const text = this.text(end - this.#position);
    this.#position++;
    return text;
  }

  #take(length: number): Buffer {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new PickleFault('it ends early');
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}
