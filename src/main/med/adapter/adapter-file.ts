import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { parseJson, parseSettings } from '../checkpoint/config.ts';
import { imageRoleOf } from '../checkpoint/roles.ts';
import { readTensor } from '../formats/read-tensor.ts';
import { readThrough } from '../formats/read-through.ts';
import { readMetadata, readTensorIndex } from '../formats/safetensors.ts';
import { AdapterCard, modelRoleOf } from './adapter-card.ts';
import { weightChanges, type AdapterTensor } from './weight-changes.ts';

/** What `__metadata__` of an adapter holds its card under. */
export const CARD = 'medley_adapter';

/** Weights that embeddings of photos depend on. */
const ofImages = /^vision_(model|proj)\./;

/** Changes of a checkpoint's weights, and what they are. */
export interface Adapter {
  readonly card: AdapterCard;
  /** Of the file, for messages. */
  readonly file: string;
  /** 12 hexadecimal digits over the whole file. */
  readonly fingerprint: string;
  readonly tensors: ReadonlyMap<string, AdapterTensor>;
}

/**
 * Whether a file is a `.safetensors` with a card of an adapter, or one so damaged that nobody can tell:
 * {@link openAdapter} says what is wrong with it.
 */
export async function mayBeAdapter(file: string): Promise<boolean> {
  if (!file.endsWith('.safetensors')) return false;
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true) return false;
  return await readMetadata(file).then(
    (metadata) => CARD in metadata,
    () => true,
  );
}

/**
 * Opens an adapter: a `.safetensors` file with a card. All of it is read once, and every weight is a
 * number.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file and what is at fault
 */
export async function openAdapter(file: string): Promise<Adapter> {
  const card = await readAdapterCard(file);
  const index = await whole(readTensorIndex(file));
  const hash = createHash('sha256');
  const stored = [...index.values()];
  const place = stored[0]?.file ?? file;
  await readThrough([place], stored, hash);
  const tensors = [...index].map(
    ([name, tensor]) => [name, { shape: tensor.shape, read: () => readTensor(tensor) }] as const,
  );
  return { card, file, fingerprint: hash.digest('hex').slice(0, 12), tensors: new Map(tensors) };
}

/**
 * What an adapter file says of itself; its weights are not read.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file and what is at fault
 */
export async function readAdapterCard(file: string): Promise<AdapterCard> {
  const text = (await whole(readMetadata(file)))[CARD];
  if (text === undefined) {
    throw new MedleyError('checkpoint-invalid', `${file}: this is no adapter of Medley.`, {
      subject: file,
    });
  }
  return parseSettings(AdapterCard, parseJson(text, file), file);
}

/** Says of a file that is not whole what to do about it. */
async function whole<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((cause: unknown) => {
    if (!(cause instanceof MedleyError) || cause.code !== 'checkpoint-invalid') throw cause;
    const { subject } = cause;
    throw new MedleyError(
      cause.code,
      `${cause.message} If it is a model that Medley trained, it is damaged: export or copy it again.`,
      { ...(subject === undefined ? {} : { subject }), cause },
    );
  });
}

/**
 * A checkpoint as adapters change it, each in its roles; it becomes another model by id.
 *
 * @throws MedleyError `checkpoint-invalid` for an adapter of another base or with tensors that do not
 *   fit, `bad-request` for two of one role or one of a role that the model does not have
 */
export function adapted(checkpoint: Checkpoint, adapters: readonly Adapter[]): Checkpoint {
  if (adapters.length === 0) return checkpoint;
  const roleChanges: NonNullable<Checkpoint['roleChanges']> = {};
  const taken = new Map<keyof Checkpoint['roles'], Adapter>();
  for (const adapter of adapters) {
    requireBase(checkpoint, adapter);
    const made = weightChanges(
      adapter.tensors,
      adapter.card.lora,
      checkpoint.tensors,
      adapter.file,
    );
    for (const role of adapter.card.roles.map((each) => modelRoleOf[each])) {
      const other = taken.get(role);
      if (other !== undefined) throw refuse(adapter, `${other.file} is for the same. Take one.`);
      if (!checkpoint.roles[role]) throw refuse(adapter, `the model has no part in ${role}.`);
      taken.set(role, adapter);
      Object.assign(roleChanges, { [role]: made });
    }
  }
  const hash = createHash('sha256').update(checkpoint.id);
  for (const [role, { fingerprint }] of [...taken].toSorted())
    hash.update(`${role} ${fingerprint}`);
  const id = `${checkpoint.config.name}@${hash.digest('hex').slice(0, 12)}`;
  const ofImage = roleChanges[imageRoleOf(checkpoint.roles)] ?? new Map<string, unknown>();
  const imageId = [...ofImage.keys()].some((name) => ofImages.test(name)) ? id : checkpoint.id;
  return { ...checkpoint, roleChanges, id, imageId, baseId: checkpoint.id };
}

function requireBase({ id }: Checkpoint, { card, file }: Adapter): void {
  if (card.base === id) return;
  throw new MedleyError(
    'checkpoint-invalid',
    `${file}: this adapter is for the model ${card.base}, not for ${id}.`,
    { subject: file },
  );
}

function refuse({ file }: Adapter, reason: string): MedleyError {
  return new MedleyError('bad-request', `${file}: ${reason}`, { subject: file });
}
