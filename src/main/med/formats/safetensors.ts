import { z } from 'zod';
import {
  bytesOfWeight,
  invalidWeights,
  MAX_RANK,
  MAX_TENSORS,
  type StoredTensor,
  type TensorIndex,
} from './stored-tensor.ts';
import { withWeightsFile } from './weights-file.ts';

/** The number types Medley reads weights in, by their names in the file. */
const dtypes = { F32: 'f32', F16: 'f16', BF16: 'bf16' } as const;

const LENGTH_BYTES = 8;
/**
 * Far above the header of any BLIP (some 100 bytes a tensor), and below the 100 MB that the format
 * itself allows: JSON of that size can take half a minute to parse.
 */
const MAX_HEADER_BYTES = 8 * 2 ** 20;

const HeaderEntry = z.object({
  dtype: z.string(),
  // The length is looked at before the numbers are.
  shape: z
    .array(z.unknown())
    .max(MAX_RANK)
    .pipe(z.array(z.int().min(0))),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const Header = z.record(z.string(), z.unknown());
const Metadata = z.record(z.string(), z.string());

/**
 * Reads the header of a `.safetensors` file, not its weights. Format: 8 bytes of little-endian
 * header length, a JSON header, then the data the header's offsets point into.
 *
 * @param isIgnored which tensors to leave out unseen, whatever their type
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file and the tensor
 */
export async function readTensorIndex(
  path: string,
  isIgnored?: (name: string) => boolean,
): Promise<TensorIndex> {
  return withWeightsFile(path, async (file) => {
    const prefix = await file.read(0, LENGTH_BYTES);
    const headerLength = headerLengthOf(prefix, file.size, path);
    const header = await file.read(LENGTH_BYTES, headerLength);
    return parseTensorIndex(header, file.size - LENGTH_BYTES - headerLength, file.path, isIgnored);
  });
}

/**
 * The texts that a `.safetensors` file carries under `__metadata__`; empty where there are none.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file
 */
export async function readMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  return withWeightsFile(path, async (file) => {
    const prefix = await file.read(0, LENGTH_BYTES);
    const header = await file.read(LENGTH_BYTES, headerLengthOf(prefix, file.size, path));
    const metadata = Metadata.safeParse(entriesOf(header, path)['__metadata__'] ?? {});
    if (metadata.success) return metadata.data;
    throw invalidWeights(path, 'its __metadata__ is not made of texts.');
  });
}

function headerLengthOf(prefix: Buffer, fileSize: number, file: string): number {
  if (prefix.length < LENGTH_BYTES) {
    throw invalidWeights(file, 'too short to be a .safetensors file.');
  }
  const length = prefix.readBigUInt64LE();
  if (length > fileSize - LENGTH_BYTES) {
    throw invalidWeights(
      file,
      'its header is longer than the file: truncated, or not .safetensors.',
    );
  }
  if (length > MAX_HEADER_BYTES) {
    throw invalidWeights(file, `its header has ${length} bytes, more than any model needs.`);
  }
  return Number(length);
}

/**
 * Parses and checks the JSON header.
 *
 * @param dataLength bytes of the file behind the header
 * @throws MedleyError `checkpoint-invalid`, naming the file and the tensor
 */
export function parseTensorIndex(
  header: Buffer,
  dataLength: number,
  file: string,
  isIgnored: (name: string) => boolean = () => false,
): TensorIndex {
  const dataStart = LENGTH_BYTES + header.length;
  const named = Object.entries(entriesOf(header, file));
  if (named.length > MAX_TENSORS) throw invalidWeights(file, 'it has too many tensors.');
  const tensors = named
    .filter(([name]) => name !== '__metadata__' && !isIgnored(name))
    .map(([name, entry]) => parseEntry(name, entry, dataStart, dataLength, file));
  refuseOverlap(tensors, file);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

function entriesOf(header: Buffer, file: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(header.toString('utf8'));
  } catch {
    throw invalidWeights(file, 'its header is not JSON.');
  }
  const entries = Header.safeParse(json);
  if (entries.success) return entries.data;
  throw invalidWeights(file, 'its header is not an object.');
}

function isKnownType(dtype: string): dtype is keyof typeof dtypes {
  return Object.hasOwn(dtypes, dtype);
}

function parseEntry(
  name: string,
  entry: unknown,
  dataStart: number,
  dataLength: number,
  file: string,
): StoredTensor {
  const parsed = HeaderEntry.safeParse(entry);
  if (!parsed.success) throw invalidWeights(file, 'needs dtype, shape and data_offsets.', name);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  if (!isKnownType(dtype)) {
    throw invalidWeights(file, `${dtype} is not read here; use F32, F16 or BF16.`, name);
  }
  const type = dtypes[dtype];
  const length = offsets[1] - offsets[0];
  const expected = shape.reduce<number>((count, dim) => count * dim, bytesOfWeight[type]);
  if (length !== expected) {
    throw invalidWeights(
      file,
      `${length} bytes for ${dtype} [${shape}], which takes ${expected}.`,
      name,
    );
  }
  if (offsets[1] > dataLength) {
    throw invalidWeights(file, 'its bytes lie beyond the end of the file: truncated?', name);
  }
  return { name, type, shape, file, offset: dataStart + offsets[0], length };
}

function refuseOverlap(tensors: readonly StoredTensor[], file: string): void {
  let [end, previous] = [0, ''];
  for (const { name, offset, length } of tensors.toSorted((a, b) => a.offset - b.offset)) {
    if (length > 0 && offset < end) throw invalidWeights(file, `overlaps ${previous}.`, name);
    [end, previous] = [offset + length, name];
  }
}
