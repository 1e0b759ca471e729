import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';

/** The number types Medley reads weights in, by their names in the file. */
const dtypes = { F32: 'f32', F16: 'f16', BF16: 'bf16' } as const;
const bytesOf = { f32: 4, f16: 2, bf16: 2 } as const;

export type WeightType = (typeof dtypes)[keyof typeof dtypes];

/** One tensor of a weights file: what it is and where its bytes lie, counted from the file's start. */
export interface StoredTensor {
  readonly name: string;
  readonly type: WeightType;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** The tensors of a weights file, by name. */
export type TensorIndex = ReadonlyMap<string, StoredTensor>;

const LENGTH_BYTES = 8;
/** The limit the format itself sets on its header. */
const MAX_HEADER_BYTES = 100_000_000;

const HeaderEntry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const Header = z.record(z.string(), z.unknown());

/**
 * Reads the header of a `.safetensors` file, not its weights. Format: 8 bytes of little-endian
 * header length, a JSON header, then the data the header's offsets point into.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file and the tensor
 */
export async function readTensorIndex(file: string): Promise<TensorIndex> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (cause) {
    throw new MedleyError('file-missing', `${file}: the weights cannot be opened.`, {
      subject: file,
      cause,
    });
  }
  try {
    const { size } = await handle.stat();
    const prefix = await readExactly(handle, 0, Math.min(LENGTH_BYTES, size));
    const headerLength = headerLengthOf(prefix, size, file);
    const header = await readExactly(handle, LENGTH_BYTES, headerLength);
    return parseTensorIndex(header, size - LENGTH_BYTES - headerLength, file);
  } finally {
    await handle.close();
  }
}

async function readExactly(handle: FileHandle, position: number, length: number) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function invalid(file: string, reason: string, tensor?: string): MedleyError {
  const place = tensor === undefined ? file : `${file}: tensor ${tensor}`;
  return new MedleyError('checkpoint-invalid', `${place}: ${reason}`, { subject: tensor ?? file });
}

function headerLengthOf(prefix: Buffer, fileSize: number, file: string): number {
  if (prefix.length < LENGTH_BYTES) throw invalid(file, 'too short to be a .safetensors file.');
  const length = prefix.readBigUInt64LE();
  if (length > MAX_HEADER_BYTES || length > fileSize - LENGTH_BYTES) {
    throw invalid(file, 'its header is longer than the file: truncated, or not .safetensors.');
  }
  return Number(length);
}

/**
 * Parses and checks the JSON header.
 *
 * @param dataLength bytes of the file behind the header
 * @throws MedleyError `checkpoint-invalid`, naming the file and the tensor
 */
export function parseTensorIndex(header: Buffer, dataLength: number, file: string): TensorIndex {
  let json: unknown;
  try {
    json = JSON.parse(header.toString('utf8'));
  } catch {
    throw invalid(file, 'its header is not JSON.');
  }
  const entries = Header.safeParse(json);
  if (!entries.success) throw invalid(file, 'its header is not an object.');
  const dataStart = LENGTH_BYTES + header.length;
  const tensors = Object.entries(entries.data)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => parseEntry(name, entry, dataStart, dataLength, file));
  refuseOverlap(tensors, file);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
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
  if (!parsed.success) throw invalid(file, 'needs dtype, shape and data_offsets.', name);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  if (!isKnownType(dtype)) {
    throw invalid(file, `${dtype} is not read here; use F32, F16 or BF16.`, name);
  }
  const type = dtypes[dtype];
  const length = offsets[1] - offsets[0];
  const expected = shape.reduce((count, dim) => count * dim, bytesOf[type]);
  if (length !== expected) {
    throw invalid(file, `${length} bytes for ${dtype} [${shape}], which takes ${expected}.`, name);
  }
  if (offsets[1] > dataLength) {
    throw invalid(file, 'its bytes lie beyond the end of the file: truncated?', name);
  }
  return { name, type, shape, offset: dataStart + offsets[0], length };
}

function refuseOverlap(tensors: readonly StoredTensor[], file: string): void {
  let [end, previous] = [0, ''];
  for (const { name, offset, length } of tensors.toSorted((a, b) => a.offset - b.offset)) {
    if (length > 0 && offset < end) throw invalid(file, `overlaps ${previous}.`, name);
    [end, previous] = [offset + length, name];
  }
}
