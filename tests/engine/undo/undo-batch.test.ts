import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '#shared/schemas/photos.ts';
import { listBatches } from '#main/engine/undo/batches.ts';
import { undoBatch } from '#main/engine/undo/undo-batch.ts';
import { bytesChange } from '#main/store/file-writes/file-change.ts';
import { writeFiles } from '#main/store/file-writes/write-files.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { openLibrary } from '../../store/open-library.ts';
import { fillStore, hash, importOf } from '../../store/small-library.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';

const assetId = hash('content 0');

/** A library of one photo, of which a person wrote in place of what its file says. */
async function written() {
  const store = await openLibrary();
  await fillStore(store, [importOf(0)]);
  const said = await captionCalled(store, 'said of 0');
  const batch = newBatch('person');
  const id = hash('a person’s words');
  await store.addCaptions(batch, [
    {
      id,
      assetId,
      pictureId: null,
      text: 'grandmother at the sea',
      origin: 'person',
      field: null,
      rank: 0,
      observationIds: [],
      modelId: null,
      decoding: null,
      createdAt: new Date().toISOString(),
    },
  ]);
  const decide = (captionId: string, verdict: Verdict) => ({
    captionId,
    assetId,
    verdict,
    by: 'person',
    reason: null,
  });
  await store.changeTexts(batch, {
    captions: [],
    verdicts: [decide(id, 'confirmed'), decide(said, 'rejected')],
  });
  const verdicts = () => [id, said].map((each) => store.tables.verdicts.of(each)?.verdict);
  return { store, batch: batch.id, id, said, verdicts };
}

async function captionCalled(store: Store, text: string): Promise<string> {
  const captions = await store.tables.captions.of([assetId]);
  return captions.find((each) => each.text === text)?.id ?? '';
}

describe('what a person did to texts', () => {
  test('is taken back, and done again', async () => {
    const { store, batch, id, said, verdicts } = await written();
    expect(verdicts()).toEqual(['confirmed', 'rejected']);
    const undone = await undoBatch(store, batch);
    expect(new Set(undone.texts)).toEqual(new Set([id, said]));
    expect(verdicts()).toEqual(['rejected', 'withdrawn']);
    const redone = await undoBatch(store, undone.batchId);
    expect(verdicts()).toEqual(['confirmed', 'rejected']);
    await undoBatch(store, redone.batchId);
    expect(verdicts()).toEqual(['rejected', 'withdrawn']);
  });

  test('is left where it was decided otherwise since', async () => {
    const { store, batch, id, said, verdicts } = await written();
    const later = {
      captionId: said,
      assetId,
      verdict: 'confirmed',
      by: 'person',
      reason: null,
    } as const;
    await store.decide(newBatch('person'), later);
    const { texts, left } = await undoBatch(store, batch);
    expect([texts, left.texts]).toEqual([[id], [said]]);
    expect(verdicts()).toEqual(['rejected', 'confirmed']);
  });
});

test('batches are listed with what became of them, newest first', async () => {
  const { store, batch } = await written();
  const path = join(temporaryFolder(), 'page.html');
  writeFileSync(path, 'old');
  const pages = newBatch('person');
  const { journal } = store.tables;
  await writeFiles([bytesChange(path, Buffer.from('old'), Buffer.from('new'))], {
    journal,
    undo: store.undo,
    batch: pages,
  });
  const undone = await undoBatch(store, pages.id);
  expect(readFileSync(path, 'utf8')).toBe('old');
  const redone = await undoBatch(store, undone.batchId);
  expect(readFileSync(path, 'utf8')).toBe('new');
  // The background wrote captions and imported: none of a person's doing.
  expect(await listBatches(store)).toMatchObject([
    { id: redone.batchId, files: 1, texts: 0, undoes: undone.batchId, undone: false },
    { id: undone.batchId, files: 1, texts: 0, undoes: pages.id, undone: true },
    { id: pages.id, files: 1, texts: 0, undoes: null, undone: false },
    { id: batch, files: 0, texts: 2, undoes: null, undone: false },
  ]);
});

test('a batch that nobody knows is refused', async () => {
  const store = await openLibrary();
  await expect(undoBatch(store, 'nothing')).rejects.toMatchObject({
    code: 'bad-request',
    subject: 'nothing',
  });
});
