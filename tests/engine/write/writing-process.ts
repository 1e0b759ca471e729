import { openStore } from '#main/store/store.ts';
import { writeTexts } from '#main/engine/write/write-texts.ts';
import { newBatch } from '#main/store/tables/journal.ts';

/** Writes what is pending in a library, and says what batch that is and how far it is. */
const [library] = process.argv.slice(2);
const store = await openStore(library);
const batch = newBatch('person');
process.send?.({ batchId: batch.id });
await writeTexts(store, {
  target: 'sidecar',
  keepTimes: false,
  mark: true,
  batch,
  onProgress: (done) => process.send?.({ done }),
});
await store.close();
process.exit();
