import { MAX_RANK } from '../formats/stored-tensor.ts';
import { PickleFault } from './pickle-bytes.ts';
import { PickleFunction, type PickleRules } from './pickle.ts';

/** Storage classes of torch: what their numbers are called, and the bytes of one. */
const storageTypes = {
  FloatStorage: { type: 'f32', bytes: 4 },
  HalfStorage: { type: 'f16', bytes: 2 },
  BFloat16Storage: { type: 'bf16', bytes: 2 },
  DoubleStorage: { type: 'f64', bytes: 8 },
  LongStorage: { type: 'i64', bytes: 8 },
  IntStorage: { type: 'i32', bytes: 4 },
  ShortStorage: { type: 'i16', bytes: 2 },
  CharStorage: { type: 'i8', bytes: 1 },
  ByteStorage: { type: 'u8', bytes: 1 },
  BoolStorage: { type: 'bool', bytes: 1 },
} as const;

export type StorageTypeName = (typeof storageTypes)[keyof typeof storageTypes]['type'];

class StorageType {
  readonly type: StorageTypeName;
  readonly bytes: number;

  constructor({ type, bytes }: { readonly type: StorageTypeName; readonly bytes: number }) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** Numbers kept in a file of their own in the archive, `data/KEY`. */
export class TorchStorage {
  readonly key: string;
  readonly type: StorageTypeName;
  readonly bytesOfOne: number;
  readonly count: number;

  constructor(key: string, { type, bytes }: StorageType, count: number) {
    this.key = key;
    this.type = type;
    this.bytesOfOne = bytes;
    this.count = count;
  }
}

/** A tensor: a view of a storage. Offset and strides count numbers. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: TorchStorage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

const globals = new Map<string, unknown>([
  ...Object.entries(storageTypes).map(
    ([name, type]) => [`torch.${name}`, new StorageType(type)] as const,
  ),
  ['collections.OrderedDict', new PickleFunction(orderedDict)],
  ['torch._utils._rebuild_tensor_v2', new PickleFunction(rebuildTensor)],
  // (tensor, requires_grad, hooks): a parameter is its tensor.
  ['torch._utils._rebuild_parameter', new PickleFunction(([tensor]) => tensor)],
]);

/** What `torch.save` writes for tensors in plain containers, and nothing else. */
export const torchRules: PickleRules = {
  global: (name) => globals.get(name),
  persistent: storageOf,
};

function orderedDict(args: readonly unknown[]): Map<unknown, unknown> {
  if (args.length === 0) return new Map();
  throw new PickleFault('its OrderedDict is not made empty');
}

/** `(storage, offset, size, stride, requires_grad, backward_hooks)` */
function rebuildTensor([storage, offset, shape, strides]: readonly unknown[]): TorchTensor {
  if (
    storage instanceof TorchStorage &&
    isCount(offset) &&
    isCounts(shape) &&
    isCounts(strides) &&
    shape.length === strides.length
  ) {
    return new TorchTensor(storage, offset, shape, strides);
  }
  throw new PickleFault('it has a tensor of another form');
}

/** `('storage', type, key, device, count)` */
function storageOf(id: unknown): TorchStorage {
  if (Array.isArray(id)) {
    const [kind, type, key, , count]: unknown[] = id;
    if (
      kind === 'storage' &&
      type instanceof StorageType &&
      typeof key === 'string' &&
      isCount(count)
    ) {
      return new TorchStorage(key, type, count);
    }
  }
  throw new PickleFault('it refers to something that is no storage');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Of a shape or strides: tensors may share one, so a long one would be gone through for each. */
function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MAX_RANK && value.every(isCount);
}
