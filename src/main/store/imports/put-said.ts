import { isDeepStrictEqual } from 'node:util';
import { purposeOf } from '#shared/text-purpose.ts';
import { derivedCaptionId } from '../derived-caption-id.ts';
import { isSameWords } from '../echoes.ts';
import type { CaptionRow } from '../tables/captions.ts';
import { contentOfObservation, pathOfObservation } from '../tables/observations.ts';
import { placeKey, type ImportBatch, type SaidOfAsset } from './import-batch.ts';

/** What was said at the places read now is replaced, and nothing of what others say. */
export async function putObservations(batch: ImportBatch): Promise<void> {
  const { contents, observations } = batch.tables;
  const known = [...batch.contents.keys()].filter((id) => contents.get(id) !== undefined);
  const before = [...(await observations.of(known)).values()].flat();
  const said = new Set(batch.observations.map(({ id }) => id));
  await observations.remove(
    before
      .filter(
        ({ id, contentId, path }) => !said.has(id) && batch.read.has(placeKey(contentId, path)),
      )
      .map(({ id }) => id),
  );
  await observations.put(batch.observations);
}

/**
 * A caption that a photo had already names the new observation too, and no more what a content says
 * otherwise now that it was read again.
 */
export async function putCaptions(batch: ImportBatch, createdAt: string): Promise<void> {
  const { captions } = batch.tables;
  const assetIds = new Set(Array.from(batch.contents.values(), ({ assetId }) => assetId));
  const found = await captions.of([...assetIds].filter((id) => captions.known(id).length > 0));
  const before = new Map(found.map((row) => [row.id, row]));
  const byMachine = Map.groupBy(
    found.filter(({ origin }) => origin === 'machine'),
    ({ assetId }) => assetId,
  );
  const after = new Map<string, CaptionRow>();
  for (const row of found.filter(({ origin }) => origin === 'imported')) {
    const still = row.observationIds.filter(
      (id) => !batch.read.has(placeKey(contentOfObservation(id), pathOfObservation(id))),
    );
    after.set(row.id, { ...row, observationIds: still });
  }
  for (const said of batch.captions) {
    const { assetId, field, text, rank, observationId } = said;
    const id = derivedCaptionId(assetId, field, text);
    const row = after.get(id);
    const others = row?.observationIds.filter((each) => each !== observationId) ?? [];
    const writer = row === undefined ? writerOf(said, byMachine.get(assetId) ?? []) : row.modelId;
    after.set(id, {
      id,
      assetId,
      pictureId: null,
      text,
      origin: 'imported',
      field,
      rank,
      modelId: said.modelId ?? writer,
      decoding: null,
      createdAt: row?.createdAt ?? createdAt,
      observationIds: [...others, observationId],
    });
  }
  const isChanged = (row: CaptionRow) => !isDeepStrictEqual(before.get(row.id), row);
  await captions.put([...after.values()].filter(isChanged));
}

/**
 * The model whose caption of the photo a file says now, as one does that Medley wrote without a mark.
 *
 * @param written by machines, of the photo
 */
function writerOf({ field, text }: SaidOfAsset, written: readonly CaptionRow[]): string | null {
  const same = written.find(
    (row) => purposeOf(row.field) === purposeOf(field) && isSameWords(row.text, text),
  );
  return same?.modelId ?? null;
}
