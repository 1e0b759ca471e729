import { loadModel } from '#main/med/model/load.ts';

/** What a checkpoint of `blip-folders.ts` says of two photos that are waves, by what it can do. */
export async function answersOf(folder: string, options: { imageSize?: number } = {}) {
  const model = await loadModel({ folder, device: 'cpu', ...options });
  const side = model.info.imageSize;
  const photos = [3, 5].map((n) =>
    Uint8Array.from({ length: 3 * side * side }, (_, i) => 127 * (1 + Math.sin(i / n))),
  );
  const images = await model.embedImages(photos);
  const features = images.map((image) => image.features);
  const texts = ['a photo of a dog', 'cat'];
  const { matching, captioning } = model.info.roles;
  const matches = matching ? await model.match(features, texts) : [];
  const captions = captioning ? await model.caption(features, { method: 'beam' }) : [];
  await model.dispose();
  return {
    patches: images.map((image) => [...image.features.patches]),
    embeddings: images.map(({ embedding }) => [...embedding]),
    logits: matches.map(({ logit }) => logit),
    captions,
  };
}
