import {
  bytesOfWeight,
  invalidWeights,
  MAX_TENSORS,
  type StoredTensor,
  type TensorIndex,
  type WeightType,
} from '../formats/stored-tensor.ts';
import { withWeightsFile, type WeightsFile } from '../formats/weights-file.ts';
import { PickleFault } from './pickle-bytes.ts';
import { readPickle } from './pickle.ts';
import { torchRules, TorchTensor, type TorchStorage } from './torch-globals.ts';
import { dataOffsetOf, readZipDirectory, type ZipEntry } from './zip-directory.ts';

/** Far above the pickle of any checkpoint: it holds names and shapes, the numbers lie beside it. */
const MAX_PICKLE_BYTES = 2 ** 23;
const PICKLE = 'data.pkl';

/**
 * The tensors of a file that `torch.save` wrote: a dict of tensors, or one under the key `model`.
 * The pickle in it is read by rules that allow nothing but tensors in plain containers, and the
 * tensors' bytes stay where they are.
 *
 * @param isIgnored which tensors to leave out unseen, whatever their type
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file and the tensor
 */
export async function readPth(
  path: string,
  isIgnored: (name: string) => boolean,
): Promise<TensorIndex> {
  return withWeightsFile(path, async (file) => {
    const archive = await openArchive(file);
    const tensors = new Map<string, StoredTensor>();
    const state = stateDictOf(archive.pickle, file.path);
    if (state.size > MAX_TENSORS) throw invalidWeights(file.path, 'it has too many tensors.');
    for (const [name, value] of state) {
      if (typeof name !== 'string') {
        throw invalidWeights(file.path, 'it is not a dict of tensors by name.');
      }
      if (!isIgnored(name)) tensors.set(name, await storedTensor(archive, name, value));
    }
    return tensors;
  });
}

/** A torch archive: `NAME/data.pkl`, and each storage as `NAME/data/KEY`. */
interface TorchArchive {
  readonly file: WeightsFile;
  readonly pickle: unknown;
  entryOf(storage: TorchStorage): ZipEntry | undefined;
}

async function openArchive(file: WeightsFile): Promise<TorchArchive> {
  const start = await file.read(0, 2);
  if (start.toString('latin1') !== 'PK') {
    throw invalidWeights(
      file.path,
      'it is not in the zip format of torch.save. One from before PyTorch 1.6 must be loaded and saved again with a newer one.',
    );
  }
  const entries = await readZipDirectory(file);
  const root = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (root === undefined) throw invalidWeights(file.path, `no ${PICKLE} is in it.`);
  const folder = root.slice(0, -PICKLE.length);
  const byteOrder = entries.get(`${folder}byteorder`);
  if (byteOrder !== undefined && (await textOf(file, byteOrder)) !== 'little') {
    throw invalidWeights(file.path, 'its numbers are big-endian, which is not read here.');
  }
  return {
    file,
    pickle: await unpickle(file, entries, root),
    entryOf: ({ key }) => entries.get(`${folder}data/${key}`),
  };
}

async function unpickle(
  file: WeightsFile,
  entries: ReadonlyMap<string, ZipEntry>,
  name: string,
): Promise<unknown> {
  const entry = entries.get(name);
  if (entry?.isStored !== true || entry.size > MAX_PICKLE_BYTES) {
    throw invalidWeights(file.path, `its ${PICKLE} is compressed, encrypted or too large.`);
  }
  const bytes = await file.read(await dataOffsetOf(file, entry), entry.size);
  try {
    return readPickle(bytes, torchRules);
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    throw invalidWeights(file.path, `its pickle is refused: ${error.message}.`);
  }
}

async function textOf(file: WeightsFile, entry: ZipEntry): Promise<string> {
  return (await file.read(await dataOffsetOf(file, entry), Math.min(entry.size, 16))).toString();
}

function stateDictOf(value: unknown, path: string): ReadonlyMap<unknown, unknown> {
  const model =
    value instanceof Map && value.has('model') ? (value.get('model') as unknown) : value;
  if (model instanceof Map) return model;
  throw invalidWeights(path, 'it is not a dict of tensors by name.');
}

async function storedTensor(
  { file, entryOf }: TorchArchive,
  name: string,
  value: unknown,
): Promise<StoredTensor> {
  const fail = (reason: string) => invalidWeights(file.path, reason, name);
  if (!(value instanceof TorchTensor)) throw fail('it is not a tensor.');
  const { storage, shape } = value;
  const { type, bytesOfOne } = storage;
  if (!isWeightType(type)) throw fail(`${type} is not read here; use f32, f16 or bf16.`);
  if (!isContiguous(value)) throw fail('its numbers do not lie in order (call .contiguous()).');
  const entry = entryOf(storage);
  if (entry === undefined) throw fail(`its storage ${storage.key} is not in the file.`);
  if (!entry.isStored) throw fail('its storage is compressed or encrypted.');
  if (entry.size !== storage.count * bytesOfOne) {
    throw fail(`its storage has ${entry.size} bytes for ${storage.count} numbers of ${type}.`);
  }
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (value.offset + count > storage.count) throw fail('it reaches beyond its storage.');
  return {
    name,
    type,
    shape,
    file: file.path,
    offset: (await dataOffsetOf(file, entry)) + value.offset * bytesOfOne,
    length: count * bytesOfOne,
  };
}

function isWeightType(type: string): type is WeightType {
  return Object.hasOwn(bytesOfWeight, type);
}

/** Whether the numbers lie in row-major order without gaps. */
function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1;
  return shape.toReversed().every((dim, i) => {
    const isInOrder = dim === 1 || strides.at(-1 - i) === expected;
    expected *= dim;
    return isInOrder;
  });
}
