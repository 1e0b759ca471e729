import { repeatedWords } from './repeated-words.ts';
import type { Tables } from './tables/tables.ts';

/** The captions, by id, that a camera wrote on its photos and no person. */
export async function cameraCaptions({ captions, contents }: Tables): Promise<ReadonlySet<string>> {
  const said = await captions.table.where("origin = 'imported'", ['id', 'assetId', 'text']);
  if (said.length === 0) return new Set();
  const shots = await contents.table.columns(['assetId', 'camera', 'takenText']);
  const byAsset = new Map(shots.map((shot) => [shot.assetId, shot]));
  const words = repeatedWords(
    said.map(({ assetId, text }) => {
      const shot = byAsset.get(assetId);
      return { camera: shot?.camera ?? null, text, day: shot?.takenText ?? null };
    }),
  );
  const isCameras = ({ assetId, text }: (typeof said)[number]) =>
    words.get(byAsset.get(assetId)?.camera ?? '')?.has(text) ?? false;
  return new Set(said.filter(isCameras).map(({ id }) => id));
}
