import { numberBytes, type TestDtype } from './safetensors-file.ts';
import { zipFile, type ZipSource } from './zip-file.ts';

/** Numbers that tensors are views of. */
export interface TestStorage {
  readonly dtype: TestDtype;
  readonly values: readonly number[];
}

/** A view of a storage; offset and strides count numbers. */
export class TestView {
  readonly storage: TestStorage;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly strides: readonly number[];

  constructor(
    storage: TestStorage,
    shape: readonly number[],
    offset = 0,
    strides?: readonly number[],
  ) {
    this.storage = storage;
    this.shape = shape;
    this.offset = offset;
    this.strides = strides ?? shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  }
}

/** A call of a global, as `__reduce__` asks for it. */
export class TestCall {
  readonly global: string;
  readonly args: readonly TestValue[];

  constructor(global: string, ...args: readonly TestValue[]) {
    this.global = global;
    this.args = args;
  }
}

/** A tuple, where an array is a list. */
export class TestTuple {
  readonly items: readonly TestValue[];

  constructor(...items: readonly TestValue[]) {
    this.items = items;
  }
}

export type TestValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly TestValue[]
  | TestTuple
  | ReadonlyMap<TestValue, TestValue>
  | TestView
  | TestCall;

const storageNames = { F32: 'FloatStorage', F16: 'HalfStorage', BF16: 'BFloat16Storage' } as const;

/** Writes a value as pickle protocol 2, in the manner of CPython's pickler. */
export class TestPickler {
  readonly storages: TestStorage[] = [];
  readonly #parts: Buffer[] = [Buffer.from([0x80, 2])];
  readonly #memo = new Map<unknown, number>();

  static dump(value: TestValue): Buffer {
    return new TestPickler().dump(value);
  }

  dump(value: TestValue): Buffer {
    this.#write(value);
    this.#code('.');
    return Buffer.concat(this.#parts);
  }

  #code(opcode: string, ...operands: Buffer[]): void {
    this.#parts.push(Buffer.from(opcode, 'latin1'), ...operands);
  }

  #write(value: TestValue): void {
    if (value === null) this.#code('N');
    else if (typeof value === 'boolean') this.#code(value ? '\x88' : '\x89');
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'bigint') this.#long(value);
    else if (typeof value === 'string') this.#once(value, () => this.#text(value));
    else if (value instanceof TestTuple) this.#tuple(value.items);
    else if (value instanceof TestView) this.#tensor(value);
    else if (value instanceof TestCall) this.#call(value);
    else if (value instanceof Map) this.#once(value, () => this.#dict(value));
    else if (Array.isArray(value)) this.#once(value, () => this.#list(value));
  }

  /** Writes a value the first time, and recalls it after that. */
  #once(value: unknown, write: () => void): void {
    const key = this.#memo.get(value);
    if (key === undefined) write();
    else if (key < 256) this.#code('h', uint(key, 1));
    else this.#code('j', uint(key, 4));
  }

  #remember(value: unknown): void {
    const key = this.#memo.size;
    this.#memo.set(value, key);
    if (key < 256) this.#code('q', uint(key, 1));
    else this.#code('r', uint(key, 4));
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Object.is(value, -0)) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      this.#code('G', bytes);
    } else if (value >= 0 && value < 2 ** 8) this.#code('K', uint(value, 1));
    else if (value >= 0 && value < 2 ** 16) this.#code('M', uint(value, 2));
    else if (Math.abs(value) < 2 ** 31) this.#code('J', uint(value >>> 0, 4));
    else this.#long(BigInt(value));
  }

  #long(value: bigint): void {
    const bytes = Buffer.alloc(17);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value >> 64n), 8);
    bytes.fill(value < 0n ? 0xff : 0, 16);
    this.#code('\x8a', uint(bytes.length, 1), bytes);
  }

  #text(value: string): void {
    const bytes = Buffer.from(value);
    this.#code('X', uint(bytes.length, 4), bytes);
    this.#remember(value);
  }

  #tuple(items: readonly TestValue[]): void {
    if (items.length === 0) this.#code(')');
    else if (items.length > 3) {
      this.#code('(');
      items.forEach((item) => this.#write(item));
      this.#code('t');
    } else {
      items.forEach((item) => this.#write(item));
      this.#code(String.fromCharCode(0x84 + items.length));
    }
  }

  #list(items: readonly TestValue[]): void {
    this.#code(']');
    this.#remember(items);
    if (items.length === 1) {
      this.#write(items[0]);
      this.#code('a');
    } else if (items.length > 1) {
      this.#code('(');
      items.forEach((item) => this.#write(item));
      this.#code('e');
    }
  }

  /** Those of odd size as an OrderedDict with attributes, as state dicts are. */
  #dict(items: ReadonlyMap<TestValue, TestValue>): void {
    const isOrdered = items.size % 2 === 1;
    if (isOrdered) this.#call(new TestCall('collections.OrderedDict'));
    else this.#code('}');
    this.#remember(items);
    this.#code('(');
    for (const [key, value] of items) {
      this.#write(key);
      this.#write(value);
    }
    this.#code('u');
    if (!isOrdered) return;
    this.#write(
      new Map([
        ['_metadata', 1],
        ['more', 2],
      ]),
    );
    this.#code('b');
  }

  #global(name: string): void {
    const dot = name.lastIndexOf('.');
    this.#code('c', Buffer.from(`${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`));
  }

  #call({ global, args }: TestCall): void {
    this.#global(global);
    this.#tuple(args);
    this.#code('R');
  }

  #tensor({ storage, offset, shape, strides }: TestView): void {
    if (!this.storages.includes(storage)) this.storages.push(storage);
    this.#global('torch._utils._rebuild_tensor_v2');
    this.#code('((');
    this.#write('storage');
    this.#global(`torch.${storageNames[storage.dtype]}`);
    this.#write(String(this.storages.indexOf(storage)));
    this.#write('cpu');
    this.#write(storage.values.length);
    this.#code('tQ');
    this.#write(offset);
    this.#tuple(shape);
    this.#tuple(strides);
    this.#write(false);
    this.#call(new TestCall('collections.OrderedDict'));
    this.#code('tR');
  }
}

/** A `.pth` of a value, as `torch.save` writes it. */
export function torchFile(value: TestValue, change = (source: ZipSource) => source): Buffer {
  const pickler = new TestPickler();
  const pickle = pickler.dump(value);
  return zipFile(
    [
      { name: 'archive/data.pkl', data: pickle },
      { name: 'archive/byteorder', data: Buffer.from('little') },
      ...pickler.storages.map(({ values, dtype }, i) => ({
        name: `archive/data/${i}`,
        data: numberBytes(values, dtype),
        wide: i % 2 === 1,
      })),
      { name: 'archive/version', data: Buffer.from('3\n') },
    ].map(change),
  );
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
