import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readTensorIndex } from '#main/med/formats/safetensors.ts';
import { MedleyError } from '#shared/errors.ts';

/** How far outputs are from the expected ones. */
export const OutputErrors = z.object({
  /** Largest absolute error. */
  maxAbs: z.number(),
  /** The same over the largest expected absolute value. */
  maxRelative: z.number(),
  /** Root mean square of the error over that of the expected values. */
  rms: z.number(),
});
export type OutputErrors = z.infer<typeof OutputErrors>;

const common = {
  prompt: z.string(),
  minLength: z.int(),
  maxLength: z.int(),
  repetitionPenalty: z.number(),
  /** Expected for each photo, without prompt and [SEP]. */
  tokens: z.array(z.array(z.int())),
};
const Decoded = z.discriminatedUnion('method', [
  z.object({ method: z.literal('greedy'), ...common }),
  z.object({ method: z.literal('beam'), beams: z.int(), ...common }),
]);

const ReferenceFile = z.object({
  /** What made it, in words. */
  by: z.string(),
  /** Files beside this one, of the model's own image size. */
  photos: z.array(z.string()).min(1),
  texts: z.array(z.string()),
  /** [DEC] and tokens to score; null where the checkpoint has no decoder. */
  tokens: z.array(z.int()).nullable(),
  captions: z.array(Decoded),
  /** How far the reference's own f16 is from its f32; null where it was not measured. */
  yardstick: z
    .object({
      on: z.string(),
      outputs: z.record(z.string(), OutputErrors),
      sequencesIdentical: z.array(z.boolean()),
    })
    .nullable(),
});

/** What another implementation made of photos and texts with the same weights. */
export interface Reference extends z.infer<typeof ReferenceFile> {
  /** Absolute. */
  readonly folder: string;
  /** Expected outputs by name, row-major. */
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

/**
 * Reads MODEL_FOLDER/reference, as `tools/reference/blip.py` writes it.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file
 */
export async function readReference(modelFolder: string): Promise<Reference> {
  const folder = join(modelFolder, 'reference');
  const file = join(folder, 'reference.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new MedleyError(
      'file-missing',
      `${file}: there is no reference to compare with. The scripts in tools/reference write one.`,
      { subject: file, cause },
    );
  }
  const parsed = ReferenceFile.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new MedleyError('checkpoint-invalid', `${file}: ${z.prettifyError(parsed.error)}`, {
      subject: file,
    });
  }
  return { folder, ...parsed.data, outputs: await readFloats(join(folder, 'outputs.safetensors')) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readFloats(file: string): Promise<Map<string, Float32Array>> {
  const index = await readTensorIndex(file);
  const handle = await open(file);
  try {
    const outputs = new Map<string, Float32Array>();
    for (const { name, type, offset, length } of index.values()) {
      if (type !== 'f32') {
        throw new MedleyError('checkpoint-invalid', `${file}: ${name} is ${type}, not f32.`, {
          subject: file,
        });
      }
      const values = new Float32Array(length / Float32Array.BYTES_PER_ELEMENT);
      await handle.read(new Uint8Array(values.buffer), 0, length, offset);
      outputs.set(name, values);
    }
    return outputs;
  } finally {
    await handle.close();
  }
}
