import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { loadModel } from '#main/med/model/load.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import type { DeviceChoice, Dtype } from '#shared/schemas/model.ts';

/** What one model says of one photo and its caption. */
const Answer = z.object({
  photo: z.string(),
  caption: z.string(),
  itc: z.number(),
  /** Match and mismatch probabilities follow from the two logits; only index 1 is public. */
  itm: z.tuple([z.number(), z.number()]),
  /** log p(caption | photo) by the captioner. */
  likelihood: z.number(),
  greedy: z.array(z.int()),
});
export type Answer = z.infer<typeof Answer>;

/** What our own runtime says of it. */
export const Measured = z.object({
  provider: z.string(),
  answers: z.array(
    z.object({
      itc: z.number(),
      logit: z.number(),
      probability: z.number(),
      likelihood: z.number(),
      text: z.string(),
    }),
  ),
});
export type Measured = z.infer<typeof Measured>;

const parityFolder = join(import.meta.dirname, '../fixtures/parity');

/** The reference's answers, as `tools/starter/reference.py` wrote them. */
export function readExpected(name: string): Answer[] {
  const text = readFileSync(join(parityFolder, `${name}.json`), 'utf8');
  return z.array(Answer).parse(JSON.parse(text));
}

/** Runs a checkpoint over the first photos and captions of the reference, in one batch. */
export async function measure(
  folder: string,
  device: DeviceChoice,
  expected: readonly Answer[],
  dtype?: Dtype,
): Promise<Measured> {
  const model = await loadModel({ folder, device, ...(dtype && { dtype }) });
  try {
    const photos = await Promise.all(
      expected.map(({ photo }) => decode(join(parityFolder, photo))),
    );
    const texts = expected.map(({ caption }) => caption);
    const images = await model.embedImages(photos.map((photo) => preprocess(model, photo)));
    const features = images.map((image) => image.features);
    const embedded = await model.embedTexts(texts);
    const matches = await model.match(features, texts);
    const likelihoods = await model.logLikelihoods(features, texts);
    const captions = await model.caption(features, { method: 'greedy' });
    const answers = matches.map(({ logit, probability }, i) => ({
      itc: dot(images[i].embedding, embedded[i]),
      logit,
      probability,
      likelihood: likelihoods[i],
      text: captions[i][0].text,
    }));
    return { provider: model.device.provider, answers };
  } finally {
    await model.dispose();
  }
}

async function decode(file: string) {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
