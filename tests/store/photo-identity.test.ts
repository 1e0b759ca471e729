import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newBatch } from '#main/store/tables/journal.ts';
import { openLibrary } from './open-library.ts';
import { contentId, machineCaption, personCaption, pixelsId } from './rows.ts';
import { PretendFolder } from './pretend-folder.ts';

const pick = fc.nat({ max: 1000 });
const operation = fc.oneof(
  fc.record({ kind: fc.constantFrom('rename', 'copy'), file: pick, to: pick }),
  fc.record({ kind: fc.constantFrom('edit metadata', 'delete', 'repaint'), file: pick }),
  fc.record({ kind: fc.constant('new under moved name'), file: pick, to: pick }),
  fc.record({ kind: fc.constant('new under deleted name'), file: pick }),
  fc.record({ kind: fc.constant('swap'), file: pick, other: pick }),
  fc.record({ kind: fc.constant('restore'), deleted: pick, to: pick }),
  fc.record({ kind: fc.constant('walk') }),
);
const photosAtFirst = 3;

test('a photo stays one through all that is done to its files, with its captions', async () => {
  const store = await openLibrary();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 4, maxLength: 16 }),
      fc.nat(),
      async (operations, seed) => {
        const run = runs++;
        const assetsBefore = store.tables.assets.ids().size;
        const folder = new PretendFolder(store, `/run ${run}`, run * 1000, photosAtFirst, seed);
        await folder.walk();
        await store.addCaptions(
          newBatch('test'),
          folder
            .originals()
            .flatMap((n) => [
              personCaption(`own ${n}`, contentId(n)),
              machineCaption(`machine ${n}`, contentId(n), pixelsId(n)),
            ]),
        );
        for (const each of operations) {
          await folder.apply(each);
          if (each.kind === 'walk') await expectSame(folder);
        }
        await folder.walk();
        await expectSame(folder);
        expect(store.tables.assets.ids().size - assetsBefore).toBe(folder.originals().length);
      },
    ),
    { numRuns: 10, seed: 11 },
  );

  async function expectSame(folder: PretendFolder): Promise<void> {
    const originals = folder.originals();
    const captions = await store.captionsOf(originals.map(contentId));
    for (const n of originals) {
      const asset = contentId(n);
      const files = folder.filesOf(n);
      expect(store.photos().has(asset)).toBe(files.length > 0);
      expect(store.pathsOf(asset)).toEqual(files.map(({ path }) => path).sort());
      if (files.length === 0) continue;
      const said = new Set(files.map(({ content }) => folder.saidOf(content)));
      const own = captions.get(asset) ?? [];
      const texts = own.filter(({ origin }) => origin === 'imported').map(({ text }) => text);
      expect(texts.sort()).toEqual([...said].sort());
      if (folder.isNew(n)) continue;
      expect(own.map(({ id }) => id)).toContain(`own ${n}`);
      const pictures = new Set(files.map(({ pixels }) => pixels));
      if (pictures.size > 1) continue;
      const [picture] = pictures;
      expect(store.photos().get(asset)?.pictureId).toBe(pixelsId(picture));
      expect(own.some(({ id }) => id === `machine ${n}`)).toBe(picture === n);
    }
  }
});
